#include "nn/multi_head_attention.h"

#include "nn/heads.h"
#include "tensor/shape.h"

namespace vitrine::fast {

namespace {

/// Heads of one segment: a view of the projection, or what a hook made of it.
struct Heads {
    Tensor3 storage;
    Ref3 view;
    Heads(Ref2 projected, Index H, const char* name, Record* record)
        : view(split_heads(projected, H)) {
        if (record == nullptr || !record->wants(name)) return;
        storage = view.copy();
        tap(record, name, storage, "HTD");
        view = storage;
    }
};

}  // namespace

Tensor2 multi_head_attention(const Parts& parts, Ref2 x, Segments segments,
                             const AttentionWeights& weights, Record* record) {
    const Scope in_attention(record, "attn.");
    const Tensor2 q = weights.q(x);  // [N, H D]
    const Tensor2 k = weights.k(x);  // [N, K D]
    const Tensor2 v = weights.v(x);  // [N, K D]
    Tensor2 joined = uninitialized<2>(shape_of(q));
    for (const Segment& segment : segments) {
        const auto part = [&](const Tensor2& all) {
            return rows(Ref2(all), segment.begin, segment.begin + segment.length);
        };
        const Heads queries(part(q), weights.heads, "q", record);      // [H, T, D]
        const Heads new_keys(part(k), weights.kv_heads, "k", record);  // [K, T, D]
        const Heads new_values(part(v), weights.kv_heads, "v", record);
        Ref3 keys = new_keys.view;
        Ref3 values = new_values.view;
        if (segment.past != nullptr) {
            segment.past->append(keys, values);
            keys = segment.past->keys();  // [K, S, D]
            values = segment.past->values();
        }
        const Index T = segment.length;
        const Index S = keys.shape[1];
        const Tensor2 mask = T == 1 ? Tensor2() : causal_bias(T, S);  // one query sees all there is
        const Bias bias = T == 1 ? Bias() : Bias(mask);
        const Tensor3 z =
            parts.attention(queries.view, keys, values, bias, weights.scale, record);  // [H, T, D]
        check_shape("attention's result", z, queries.view.shape);
        join_heads(z, joined.data() + segment.begin * q.shape()[1]);
    }
    return weights.out(joined);  // [N, C]
}

}  // namespace vitrine::fast
