// Several attentions side by side: project, split, attend, join, project.
// The clear version. lib/nn/multi_head_attention.cpp is the fast one.
#include "multi_head_attention.h"

#include "tensor/error.h"
#include "tensor/shape.h"

namespace vitrine::chapters {

Tensor3 split_heads(Ref2 x, Index H) {
    const auto [T, width] = shape2(x);
    if (H <= 0 || width % H != 0) {
        throw ShapeError("x", "a width that " + std::to_string(H) + " heads share evenly",
                         std::to_string(width));
    }
    // [marker:split]
    const Index D = width / H;
    Tensor3 heads = zeros<3>({H, T, D});
    for (Index h = 0; h < H; ++h) {
        for (Index t = 0; t < T; ++t) {
            for (Index d = 0; d < D; ++d) heads(h, t, d) = x(t, h * D + d);
        }
    }
    return heads;
    // [/marker]
}

Tensor2 join_heads(Ref3 z) {
    const auto [H, T, D] = shape3(z);
    Tensor2 x = zeros<2>({T, H * D});
    for (Index h = 0; h < H; ++h) {
        for (Index t = 0; t < T; ++t) {
            for (Index d = 0; d < D; ++d) x(t, h * D + d) = z(h, t, d);
        }
    }
    return x;
}

Tensor3 grouped(Ref3 heads, Index H) {
    const auto [K, S, D] = shape3(heads);
    if (K <= 0 || H % K != 0) {
        throw ShapeError("heads", "a number that divides " + std::to_string(H), std::to_string(K));
    }
    // [marker:grouped]
    Tensor3 result = zeros<3>({H, S, D});
    for (Index h = 0; h < H; ++h) xt::view(result, h) = heads[h / (H / K)].xt();
    return result;
    // [/marker]
}

Tensor2 multi_head_attention(const Parts& parts, Ref2 x, Ref2 source, const Bias& bias,
                             const AttentionWeights& weights, KeyValues* past, Record* record) {
    // [marker:project]
    Tensor3 q = split_heads(weights.q(x), weights.heads);          // [H, T, D]
    Tensor3 k = split_heads(weights.k(source), weights.kv_heads);  // [K, S, D]
    Tensor3 v = split_heads(weights.v(source), weights.kv_heads);  // [K, S, D]
    // [/marker]
    tap(record, "q", q, "HTD");
    tap(record, "k", k, "HTD");
    tap(record, "v", v, "HTD");
    if (!weights.rotary.none()) {  // chapter 03
        const Index start = past == nullptr ? 0 : past->length();
        q = parts.rotate(q, weights.rotary, start);
        tap(record, "q_rot", q, "HTD");
        k = parts.rotate(k, weights.rotary, start);
        tap(record, "k_rot", k, "HTD");
    }
    if (past != nullptr) {  // chapter 09
        past->append(k, v);
        k = past->keys().copy();  // [K, past + S, D]
        v = past->values().copy();
    }
    // [marker:join]
    const Tensor3 z = parts.attention(q, grouped(k, weights.heads), grouped(v, weights.heads), bias,
                                      weights.scale, record);  // [H, T, D]
    return weights.out(join_heads(z));                         // [T, H D] -> [T, C]
    // [/marker]
}

}  // namespace vitrine::chapters
