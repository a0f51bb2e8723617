// Chapter 05: multi-head attention. Write the four functions; `vitrine check
// 05_multi_head_attention` tells you how far they go.
#include "nn/parts.h"
#include "tensor/shape.h"
#include "tensor/tensor.h"

namespace vitrine::mine {

/// Each head's columns as a matrix of its own.
///
/// @param x  [T, H D]; head h has the columns from h D to h D + D - 1
/// @param H  how many heads
/// @return   [H, T, D]
Tensor3 split_heads(Ref2 x, Index H) {
    const auto [T, width] = shape2(x);
    const Index D = width / H;
    Tensor3 heads = zeros<3>({H, T, D});
    return heads;
}

/// The heads side by side again: what split_heads took apart.
///
/// @param z  [H, T, D]
/// @return   [T, H D]
Tensor2 join_heads(Ref3 /*z*/) {
    throw Todo("join_heads");
}

/// Each key head once for every query head that reads it. Neighbours share: with 6 query heads and
/// 2 key heads, the query heads 0, 1, 2 read key head 0 and 3, 4, 5 read key head 1.
///
/// @param heads  [K, S, D] keys or values
/// @param H      how many query heads; a multiple of K
/// @return       [H, S, D]
Tensor3 grouped(Ref3 /*heads*/, Index /*H*/) {
    throw Todo("grouped");
}

/// Project, split, attend, join, project.
///
/// @param parts    parts.attention(q, k, v, bias, scale, record) is chapter 04's; k and v may have
///                 fewer heads than q, it groups them itself
/// @param x        [T, C], where the queries come from
/// @param source   [S, C], where keys and values come from; x itself for self-attention
/// @param bias     the mask: hand it on to attention
/// @param weights  q, k, v, out are Linears: call one as weights.q(x). weights.heads is the number
///                 of query heads, weights.kv_heads of key and value heads, weights.scale the scale
/// @return         [T, C]
Tensor2 multi_head_attention(const Parts& parts, Ref2 x, Ref2 source, const Bias& bias,
                             const AttentionWeights& weights, KeyValues* past, Record* record) {
    if (x.size() >= 0) throw Todo("multi_head_attention");  // take this line out when you begin

    // 1. Project x and source, and split the heads.
    Tensor3 q = zeros<3>({weights.heads, x.shape[0], 1});
    Tensor3 k = zeros<3>({weights.kv_heads, source.shape[0], 1});
    Tensor3 v = zeros<3>({weights.kv_heads, source.shape[0], 1});

    // These lines are for later chapters and for the app; leave them as they are.
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

    // 2. Attend, join the heads, project.
    (void)bias;
    return zeros<2>(x.shape);
}

}  // namespace vitrine::mine
