// The signature of every part of a transformer, declared once. Three namespaces implement them:
//     vitrine::fast      lib/nn/*.cpp, on kernels/
//     vitrine::chapters  chapters/NN_topic/topic.cpp, the clear ones, on xtensor
//     vitrine::mine      the learner's files in workspace/
// A part that is made of parts takes `const Parts&` and calls through it, so any single part can be
// swapped in the whole model. A part works on one sequence, or row by row on a packed batch; only
// multi_head_attention mixes positions, and takes the Segments of the batch.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "activations/record.h"
#include "nn/bias.h"
#include "nn/weights.h"
#include "tensor/tensor.h"

namespace vitrine {

/// Thrown by a function that the learner has not written yet; the reference stands in for it.
class Todo : public std::logic_error {
   public:
    explicit Todo(const std::string& what) : std::logic_error(what) {}
};

/// Keys and values of one layer for the positions seen so far: [K, length, D] each, with room to
/// grow. Copying it copies the numbers (a beam that forks).
class KeyValues {
   public:
    KeyValues() = default;
    KeyValues(Index kv_heads, Index head_width);

    Index length() const { return length_; }
    /// Appends the keys and values of T new positions.
    /// @param k [K, T, D]
    /// @param v [K, T, D]
    void append(Ref3 k, Ref3 v);
    /// Forgets all positions from `length` on.
    void truncate(Index length);
    Ref3 keys() const;    // [K, length, D]
    Ref3 values() const;  // [K, length, D]

    /// Keys and values of the text that a decoder block looks at, which no step changes: null until
    /// they are known; copies share them, and going back to no positions forgets them.
    std::shared_ptr<const KeyValues> memory;

   private:
    void reserve(Index positions);
    Index K_ = 0, D_ = 0, length_ = 0, capacity_ = 0;
    std::vector<Real> keys_, values_;  // [K, capacity, D]
};

/// One sequence of a packed batch: rows [begin, begin + length) of x [N, C].
struct Segment {
    Index begin = 0;
    Index length = 0;
    KeyValues* past = nullptr;  // of the layer at work: appended to and attended to; null: no cache
};
using Segments = std::span<const Segment>;

/// What a layer of a state-space model remembers of all positions seen so far, in a fixed size.
struct Recurrence {
    Tensor2 convolution;  // [K - 1, I], the last inputs of the convolution, oldest first
    Tensor2 scan;         // [I, N], the state of the selective scan
};

/// What a model remembers of one sequence between calls: keys and values of every layer, or the
/// recurrences of a state-space model. Copy it to fork a beam.
struct State {
    std::vector<KeyValues> layers;
    std::vector<Recurrence> recurrences;
    Index length = 0;  // positions seen so far
    /// Goes back to the first `positions` positions.
    /// @throws ArgumentError  for recurrences, which forget how they came about
    void truncate(Index positions);
};

/// The table of parts a model is run with. `fast_parts()` is the default everywhere.
/// Those that take segments run a packed batch; the others one sequence, or any rows.
struct Parts {
    /// Rows `ids` of the table.  table [V, C] -> [N, C].  @throws ArgumentError: id outside [0, V)
    std::function<Tensor2(std::span<const int> ids, const Matrix& table)> embed;

    /// Turns each head's pairs by angle frequency * (start + t): x [H, T, D] -> [H, T, D].
    std::function<Tensor3(Ref3 x, const Rotary& rotary, Index start)> rotate;

    /// Scaled dot-product attention for all heads of one sequence; see nn/attention.h.
    std::function<Tensor3(Ref3 q, Ref3 k, Ref3 v, const Bias& bias, float scale, Record* record)>
        attention;

    /// Project, split, attend, join, project, for one sequence; see nn/multi_head_attention.h.
    std::function<Tensor2(const Parts& parts, Ref2 x, Ref2 source, const Bias& bias,
                          const AttentionWeights& weights, KeyValues* past, Record* record)>
        multi_head_attention;

    /// Self-attention of a packed batch: each segment attends to itself and its past.
    std::function<Tensor2(const Parts& parts, Ref2 x, Segments segments,
                          const AttentionWeights& weights, Record* record)>
        self_attention;

    /// (x - mean) / deviation * gain + bias of each row: x [N, C] -> [N, C].
    std::function<Tensor2(Ref2 x, const NormWeights& weights)> layer_norm;

    /// x / root mean square * gain of each row: x [N, C] -> [N, C].
    std::function<Tensor2(Ref2 x, const NormWeights& weights)> rms_norm;

    /// Elementwise: x [N, F] -> [N, F].
    std::function<Tensor2(Ref2 x, Activate kind)> activation;

    /// x [N, C] -> [N, C]; record takes "mlp_pre", "mlp_post".
    std::function<Tensor2(const Parts& parts, Ref2 x, const FeedForwardWeights& weights,
                          Record* record)>
        feed_forward;

    /// The gated feed-forward: x [N, C] -> [N, C]; record takes "mlp_gate", "mlp_pre", "mlp_post".
    std::function<Tensor2(const Parts& parts, Ref2 x, const FeedForwardWeights& weights,
                          Record* record)>
        swiglu;

    /// One encoder block, which with a causal bias is a block of GPT: x [T, C] -> [T, C]; record
    /// takes "resid_pre", "attn_out", "resid_mid", "mlp_out", "resid_post"; see nn/block.h.
    std::function<Tensor2(const Parts& parts, Ref2 x, const Bias& bias, const BlockWeights& weights,
                          KeyValues* past, Record* record)>
        encoder_block;

    /// One decoder block of an encoder-decoder: x [T, C], memory [S, C] -> [T, C].
    std::function<Tensor2(const Parts& parts, Ref2 x, Ref2 memory, const Bias& bias,
                          const Bias& memory_bias, const BlockWeights& weights, KeyValues* past,
                          Record* record)>
        decoder_block;

    /// encoder_block for a packed batch, with the bias that the weights ask for: x [N, C] -> [N,
    /// C].
    std::function<Tensor2(const Parts& parts, Ref2 x, Segments segments,
                          const BlockWeights& weights, Record* record)>
        block;

    /// Logits of each row against the tied token table: x [N, C], table [V, C] -> [N, V].
    std::function<Tensor2(Ref2 x, const Matrix& table)> unembed;

    // A whole GPT, as chapter 09 writes it: one sequence at a time; see nn/gpt.h. Empty: the model
    // goes through its blocks itself, all sequences of a batch at once.

    /// ids [T] -> logits [T, V]
    std::function<Tensor2(const Parts& parts, std::span<const int> ids,
                          const DecoderWeights& weights, Record* record)>
        forward;

    /// One more token, with a cache: id -> logits [V]
    std::function<Tensor1(const Parts& parts, int id, const DecoderWeights& weights, State& state)>
        step_with_cache;
};

/// The fast implementation of every part.
const Parts& fast_parts();

}  // namespace vitrine
