// Chapter 04: attention. Write the body of `attention`; `vitrine check 04_attention` tells you how
// far it goes.
#include "activations/record.h"
#include "kernels/matmul.h"
#include "nn/bias.h"
#include "nn/parts.h"
#include "tensor/shape.h"
#include "tensor/tensor.h"

namespace vitrine::mine {

/// softmax(scale Q K^T + bias) V, for each head on its own.
///
/// @param q      [H, T, D] queries
/// @param k      [K, S, D] keys; K divides H, query head h reads key head h / (H / K)
/// @param v      [K, S, D] values
/// @param bias   [T, S] or [H, T, S], added to the scores; -infinity hides a pair
/// @param scale  usually 1 / sqrt(D)
/// @return       z [H, T, D], the mix of values; zeros where a whole row is hidden
///
/// Handy: matmul(a, b) multiplies head by head, transpose_last(x) exchanges the last two
/// dimensions, add_bias(scores, bias) adds the mask, zeros<3>({H, T, S}) makes a tensor, x(h, t, d)
/// is an element.
Tensor3 attention(Ref3 q, Ref3 k, Ref3 v, const Bias& bias, float scale, Record* record) {
    const auto [H, T, D] = shape3(q);
    const Index S = k.shape[1];

    // 1. The scores: every query times every key, times `scale`.
    Tensor3 scores = zeros<3>({H, T, S});

    tap(record, "scores", scores, "HTS");  // the app sees your scores here

    // 2. The bias, then the softmax along each row.
    Tensor3 pattern = zeros<3>({H, T, S});

    tap(record, "pattern", pattern, "HTS");

    // 3. The mix of the values.
    Tensor3 z = zeros<3>({H, T, D});

    tap(record, "z", z, "HTD");
    return z;
}

}  // namespace vitrine::mine
