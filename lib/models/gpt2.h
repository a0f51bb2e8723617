// GPT-2: learned positions, pre-norm blocks, tied unembedding.
// Source: Radford et al. 2019; names and layout of transformers' GPT2LMHeadModel.
#pragma once

#include "models/decoder.h"

namespace vitrine {

using GPT2Weights = DecoderWeights;

/// A GPT-2 of the given sizes with normal weights (deviation 0.02), for measuring.
/// Reads layers, heads, width, vocabulary and max_positions of `sizes`.
std::unique_ptr<Decoder> random_gpt2(const ModelInfo& sizes, std::uint64_t seed);

}  // namespace vitrine
