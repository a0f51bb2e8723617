// Chapter 05.
#include "nn/parts.h"
#include "tensor/shape.h"
#include "tensor/tensor.h"

namespace vitrine::mine {

Tensor3 split_heads(Ref2 x, Index H) {
    const auto [T, width] = shape2(x);
    const Index D = width / H;
    Tensor3 heads = zeros<3>({H, T, D});
    for (Index h = 0; h < H; ++h) {
        for (Index t = 0; t < T; ++t) {
            for (Index d = 0; d < D; ++d) heads(h, t, d) = x(t, h * D + d);
        }
    }
    return heads;
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
    Tensor3 result = zeros<3>({H, S, D});
    for (Index h = 0; h < H; ++h) xt::view(result, h) = heads[h / (H / K)].xt();
    return result;
}

Tensor2 multi_head_attention(const Parts& parts, Ref2 x, Ref2 source, const Bias& bias,
                             const AttentionWeights& weights, KeyValues* past, Record* record) {
    Tensor3 q = split_heads(weights.q(x), weights.heads);
    Tensor3 k = split_heads(weights.k(source), weights.kv_heads);
    Tensor3 v = split_heads(weights.v(source), weights.kv_heads);
    tap(record, "q", q, "HTD");
    tap(record, "k", k, "HTD");
    tap(record, "v", v, "HTD");
    if (!weights.rotary.none()) {
        const Index start = past == nullptr ? 0 : past->length();
        q = parts.rotate(q, weights.rotary, start);
        tap(record, "q_rot", q, "HTD");
        k = parts.rotate(k, weights.rotary, start);
        tap(record, "k_rot", k, "HTD");
    }
    if (past != nullptr) {
        past->append(k, v);
        k = past->keys().copy();
        v = past->values().copy();
    }
    const Tensor3 z = parts.attention(q, k, v, bias, weights.scale, record);
    return weights.out(join_heads(z));
}

}  // namespace vitrine::mine
