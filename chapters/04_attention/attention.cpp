// Scaled dot-product attention for all heads of one sequence.
// The clear version: no batching, no cache. lib/nn/attention.cpp is the fast one.
#include "attention.h"

#include <cmath>
#include <limits>

#include "kernels/matmul.h"
#include "tensor/shape.h"

namespace vitrine::chapters {

namespace {

/// Each key head once for every query head that reads it: [K, S, D] -> [H, S, D].
Tensor3 repeat_heads(Ref3 x, Index H) {
    const auto [K, S, D] = shape3(x);
    if (K == 0 || H % K != 0) {
        throw ShapeError("k", "a number of heads that divides " + std::to_string(H),
                         std::to_string(K));
    }
    Tensor3 result = uninitialized<3>({H, S, D});
    for (Index h = 0; h < H; ++h) xt::view(result, h) = x[h / (H / K)].xt();
    return result;
}

}  // namespace

// [marker:softmax]
Tensor3 softmax_last(const Tensor3& x) {
    const Tensor3 largest = xt::amax(x, {2}, xt::keep_dims);  // [H, T, 1]
    const Tensor3 shifted = xt::where(xt::isinf(largest), x, x - largest);
    const Tensor3 raised = xt::exp(shifted);                   // [H, T, S]
    const Tensor3 sums = xt::sum(raised, {2}, xt::keep_dims);  // [H, T, 1]
    return raised / xt::where(sums > 0, sums, Real{1});        // a hidden row stays 0
}
// [/marker]

Tensor3 attention(Ref3 q, Ref3 k, Ref3 v, const Bias& bias, float scale, Record* record) {
    const auto [H, T, D] = shape3(q);
    const Index S = k.shape[1];
    check_shape("k", k, {any, S, D});
    check_shape("v", v, {k.shape[0], S, D});
    const Tensor3 keys = repeat_heads(k, H);    // [H, S, D]
    const Tensor3 values = repeat_heads(v, H);  // [H, S, D]
    // [marker:scores]
    Tensor3 scores = scale * matmul(q, transpose_last(keys));  // [H, T, S]
    tap(record, "scores", scores, "HTS");
    Tensor3 masked = add_bias(scores, bias);  // [H, T, S]
    // [/marker]
    Tensor3 pattern = softmax_last(masked);  // [H, T, S]
    tap(record, "pattern", pattern, "HTS");
    // [marker:mix]
    Tensor3 z = matmul(pattern, values);  // [H, T, D]
    tap(record, "z", z, "HTD");
    return z;
    // [/marker]
}

}  // namespace vitrine::chapters
