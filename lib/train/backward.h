// The backward function of every part: from the gradient of a part's result to the gradients of
// what went in. Written out by hand, one for each forward function of nn/, with the same names.
// A gradient of a weight is added to what is there already: several rows, sequences and batches
// add up. Each is checked against central differences in float64 (tests/gradients).
#pragma once

#include <cstdint>
#include <span>

#include "nn/weights.h"
#include "tensor/tensor.h"

namespace vitrine::train {

/// What is left out at random in one pass (train/dropout.h). Each pass has a key of its own, and
/// its backward pass leaves out the same numbers.
struct Dropout {
    double rate = 0.0;  // 0: nothing
    std::uint64_t key = 0;
};

/// Of y = x W + b.
/// @param dy           [N, out], the gradient of the loss by y
/// @param x            [N, in], what went in
/// @param weight       [in, out], or [out, in] if `transposed`; row-major and dense
/// @param dx           [N, in], written; null: not wanted
/// @param grad_weight  shape of `weight`, added to
/// @param grad_bias    [out], added to; null: there is none
/// @param adds         false: grad_weight is written, whatever was in it
void linear_backward(Ref2 dy, Ref2 x, const Real* weight, bool transposed, Real* dx,
                     Real* grad_weight, Real* grad_bias, bool adds = true);

/// Of y = (x - mean) / deviation * gain + bias, row by row.
/// @param dy         [N, C]
/// @param x          [N, C], what went in
/// @param dx         [N, C], written; may be dy's memory
/// @param grad_gain  [C], added to
/// @param grad_bias  [C], added to; null: there is none
/// Source: Ba et al. 2016; the formula is derived in chapter 10.
void layer_norm_backward(Ref2 dy, Ref2 x, const NormWeights& weights, Real* dx, Real* grad_gain,
                         Real* grad_bias);

/// Of y = x / root mean square * gain, row by row; as layer_norm_backward.
void rms_norm_backward(Ref2 dy, Ref2 x, const NormWeights& weights, Real* dx, Real* grad_gain);

/// Of an activation, number by number: dx = dy * activation'(x).
/// @param dx  may be dy's memory
void activation_backward(std::span<const Real> dy, std::span<const Real> x, Activate kind,
                         Real* dx);

/// Of y = tanh(x), from what came out: dx = dy * (1 - y^2).
/// @param dx  may be dy's memory
void tanh_backward(std::span<const Real> dy, std::span<const Real> y, Real* dx);

/// Of the gated product activation(gate) * up.
/// @param d_gate, d_up  written; may be the memory of what goes in
void gated_backward(std::span<const Real> dy, std::span<const Real> gate, std::span<const Real> up,
                    Activate kind, Real* d_gate, Real* d_up);

/// Numbers of several heads somewhere in memory: head h, position t starts at data + h * head + t *
/// row.
struct HeadRows {
    Real* data = nullptr;
    Index head = 0, row = 0;
};

/// Of z = pattern v with pattern = softmax(scale q k^T + bias), for all heads of one sequence.
/// @param dz       [H, T, D]
/// @param q        [H, T, D]
/// @param k, v     [K, S, D]; query head h read key head h / (H / K)
/// @param pattern  [H, T, S]
/// @param dq, dk, dv  written, in the shapes of q, k, v
/// @param dropout  of the pattern before it met the values, as drop(pattern of one head [T, S]) at
///                 the place h
/// @param d_scores  [H, T, S], written: the gradient by the scores with their bias; null: not
/// wanted
void attention_backward(Ref3 dz, Ref3 q, Ref3 k, Ref3 v, Ref3 pattern, Real scale, HeadRows dq,
                        HeadRows dk, HeadRows dv, const Dropout& dropout = {},
                        Real* d_scores = nullptr);

/// Of T5's bias by distance (nn/relative_bias.h): each bucket gets what its pairs of positions got.
/// @param d_bias      [H, T, S]
/// @param grad_table  [buckets, H], added to
void bucket_bias_backward(Ref3 d_bias, Index buckets, bool bidirectional, int max_distance,
                          Real* grad_table);

/// Of a rotation by position: the gradient turned back by the same angle.
/// @param dy  [H, T, D]
/// @param dx  written
void rotate_backward(Ref3 dy, const Rotary& rotary, Index start, HeadRows dx);

/// Of rows of a table: grad_table[ids[n]] += dy[n].
/// @param grad_table  [V, C], added to
void embed_backward(Ref2 dy, std::span<const int> ids, Real* grad_table);

/// Mean cross-entropy of rows of logits, and its gradient.
/// @param logits   [N, V]; becomes the gradient by the logits
/// @param targets  [N], each in [0, V), or negative: this row does not count
/// @param scale    times the loss in the gradient: 1 / (number of accumulated batches)
/// @return         the sum of the losses of the rows that count, and how many there are
struct Loss {
    double sum = 0.0;
    Index count = 0;
    double mean() const { return count == 0 ? 0.0 : sum / static_cast<double>(count); }
};
/// @throws ArgumentError  for a target beyond the vocabulary
Loss cross_entropy_backward(Real* logits, Index N, Index V, std::span<const int> targets,
                            double scale = 1.0);

}  // namespace vitrine::train
