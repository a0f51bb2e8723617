// The neurons of a feed-forward network as numbers: which fire, what the curve does to them, what
// each pushes. Pure.
#pragma once

#include <span>
#include <vector>

#include "models/decoder.h"
#include "viz/app/run.h"

namespace vitrine::viz {

/// The feed-forward of a block; null if it has none.
const FeedForwardWeights* feed_forward_of(const Tower& tower, Index layer);

/// The n-th numbers of what a block computed at one position; `gate` is empty unless it is gated.
/// Without a gate the curve takes `in`; with one it takes `gate`, and out = curve(gate) * in.
struct NeuronInputs {
    std::span<const Real> gate, in, out;  // each [F]

    std::span<const Real> curved() const { return gate.empty() ? in : gate; }
};
/// @return  empty spans if the run has not kept them
NeuronInputs neurons_at(const Tower& tower, Index layer, Index position);

/// The neurons whose output is furthest from 0, strongest first, at most `count`.
std::vector<Index> strongest_neurons(std::span<const Real> out, std::size_t count);

/// The neurons in the order of what goes into the curve, smallest first.
std::vector<Index> by_input(std::span<const Real> curved);

/// The curve at `count` places from low to high.
std::vector<float> curve_points(Activate kind, float low, float high, int count);

/// A token and how much a push adds to its logit.
struct PushedToken {
    int id = 0;
    float logit = 0.0F;
};
struct NeuronPush {
    Index layer = -1, neuron = -1;
    std::vector<PushedToken> raised;   // most first
    std::vector<PushedToken> lowered;  // most first
};

/// What one unit of the neuron's output adds to the logits: its row of the output matrix, straight
/// through the unembedding. The last norm is left out, and whatever later blocks make of it.
/// Source: Geva et al. 2020; takes a few milliseconds for a large vocabulary.
NeuronPush push_of(const DecoderWeights& weights, Index layer, Index neuron, std::size_t count);

}  // namespace vitrine::viz
