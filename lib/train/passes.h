// The forward functions of nn/ as training wants them: all rows of a batch at once, into memory
// that is given. Their backward functions are in train/backward.h.
#pragma once

#include <span>

#include "nn/weights.h"
#include "train/backward.h"
#include "train/parameters.h"

namespace vitrine::train {

/// y = x W + b for all rows.
/// @param weight  [in, out], or [out, in] if `transposed`
/// @param bias    [out]; null: none
void linear(const Tensor2& x, const Real* weight, bool transposed, const Real* bias, Tensor2& y);

/// to += a.
void add(const Tensor2& a, Tensor2& to);

/// The norm that the weights ask for, row by row.
void norm_rows(const Tensor2& x, const NormWeights& weights, Tensor2& y);

/// y = activation(x), number by number.
void activate(const Tensor2& x, Activate kind, Tensor2& y);

/// to[n] = sum over the tables of table[ids[n]].
/// @param ids    [N] of each table
/// @param table  [rows, C]
struct Lookup {
    std::span<const int> ids;
    const Real* table = nullptr;
};
void embed_rows(std::span<const Lookup> lookups, Tensor2& to);

/// A norm whose gain and bias are parameters.
NormWeights layer_norm_of(Parameters& parameters, std::size_t gain, std::size_t bias,
                          float epsilon);
NormWeights rms_norm_of(Parameters& parameters, std::size_t gain, float epsilon);

/// All numbers of a tensor, one after the other.
std::span<Real> all(Tensor2& x);

/// The gradient of the stream as a branch gets it: dx itself, or in `scratch` without what was
/// dropped there.
const Tensor2& into_branch(const Tensor2& dx, Tensor2& scratch, const Dropout& dropout);

/// How the texts of a batch attend: B of them, each with T queries and S keys, by H heads of D.
struct AttentionShape {
    Index B = 0, T = 0, S = 0, H = 0, D = 0;
    Real scale = 1;
    bool causal = true;           // a position sees itself and what comes before; S is T
    std::span<const int> mask{};  // [B, S], 0 hides a key; empty: hides none
    const Real* bias = nullptr;   // [H, T, S], added to the scores; null: none
};

/// Where queries, keys and values stand: head h of row n begins at q + n q_row + h D.
template <class Number>
struct QueriesKeysValues {
    Number *q = nullptr, *k = nullptr, *v = nullptr;
    Index q_row = 0, kv_row = 0;
};

/// The columns of one projection: queries, keys and values one behind the other, `width` each.
template <class Number>
QueriesKeysValues<Number> side_by_side(Number* first, Index width) {
    return {first, first + width, first + 2 * width, 3 * width, 3 * width};
}

/// z = pattern v with pattern = softmax(scale q k^T + bias), where nothing is hidden.
/// @param pattern  [B, H, T, S], written
/// @param z        [B T, H D], written
/// @param dropout  of the pattern before it meets the values
void attend(const AttentionShape& shape, const QueriesKeysValues<const Real>& from, Real* pattern,
            Tensor2& z, const Dropout& dropout);

/// Its backward pass.
/// @param dz        [B T, H D]
/// @param to        gradients of what attend() was given, written
/// @param d_scores  [B, H, T, S], written: the gradient by scores with their bias; null: not wanted
void attend_backward(const AttentionShape& shape, const Tensor2& dz,
                     const QueriesKeysValues<const Real>& from, const Real* pattern,
                     const QueriesKeysValues<Real>& to, Real* d_scores, const Dropout& dropout);

}  // namespace vitrine::train
