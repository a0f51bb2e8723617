#include "nn/multi_head_attention.h"

#include <algorithm>
#include <limits>

#include "nn/heads.h"
#include "tensor/shape.h"

namespace vitrine {

Tensor2 self_bias(Index T, Index S, const AttentionWeights& weights) {
    const bool windowed = weights.window > 0 && S > weights.window;
    // One query sees all there is.
    if ((!weights.causal || T == 1) && !windowed) return {};
    Tensor2 bias = weights.causal ? causal_bias(T, S) : zeros<2>({T, S});
    if (!windowed) return bias;
    for (Index t = 0; t < T; ++t) {
        const Index last = t + (S - T);  // the query's own position
        for (Index s = 0; s <= last - weights.window; ++s) {
            bias(t, s) = -std::numeric_limits<Real>::infinity();
        }
    }
    return bias;
}

Tensor2 self_attention_by_segment(const Parts& parts, Ref2 x, Segments segments,
                                  const AttentionWeights& weights, Record* record) {
    const Index C = weights.out.out_features();
    Tensor2 result = uninitialized<2>({x.shape[0], C});
    for (const Segment& segment : segments) {
        const Index T = segment.length;
        const Index S = T + (segment.past == nullptr ? 0 : segment.past->length());
        const Tensor2 mask = self_bias(T, S, weights);
        const Ref2 own = rows(x, segment.begin, segment.begin + T);
        const Tensor2 part =
            parts.multi_head_attention(parts, own, own, mask.size() == 0 ? Bias() : Bias(mask),
                                       weights, segment.past, record);  // [T, C]
        check_shape("multi-head attention's result", part, {T, C});
        std::copy(part.begin(), part.end(), result.data() + segment.begin * C);
    }
    return result;
}

namespace fast {

namespace {

/// Heads of one segment: a view of the projection, or what a rotation or a hook made of it.
struct Heads {
    Tensor3 storage;
    Ref3 view;
    Heads(Ref2 projected, Index H, const char* name, Record* record)
        : view(split_heads(projected, H)) {
        if (record != nullptr && record->wants(name)) hold(view.copy(), name, record);
    }
    void hold(Tensor3 values, const char* name, Record* record) {
        storage = std::move(values);
        tap(record, name, storage, "HTD");
        view = storage;
    }
};

/// Attention of one segment from its projections; the joined heads go to `joined` [T, H D].
void attend(const Parts& parts, Ref2 q, Ref2 k, Ref2 v, const Bias& bias,
            const AttentionWeights& weights, KeyValues* past, Record* record, Real* joined) {
    Heads queries(q, weights.heads, "q", record);      // [H, T, D]
    Heads new_keys(k, weights.kv_heads, "k", record);  // [K, S, D]
    const Heads new_values(v, weights.kv_heads, "v", record);
    if (!weights.rotary.none()) {
        const Index start = past == nullptr ? 0 : past->length();
        queries.hold(parts.rotate(queries.view, weights.rotary, start), "q_rot", record);
        new_keys.hold(parts.rotate(new_keys.view, weights.rotary, start), "k_rot", record);
    }
    Ref3 keys = new_keys.view;
    Ref3 values = new_values.view;
    if (past != nullptr) {
        past->append(keys, values);
        keys = past->keys();  // [K, past + S, D]
        values = past->values();
    }
    const Tensor3 z =
        parts.attention(queries.view, keys, values, bias, weights.scale, record);  // [H, T, D]
    check_shape("attention's result", z, queries.view.shape);
    join_heads(z, joined);
}

}  // namespace

Tensor2 multi_head_attention(const Parts& parts, Ref2 x, Ref2 source, const Bias& bias,
                             const AttentionWeights& weights, KeyValues* past, Record* record) {
    const Tensor2 q = weights.q(x);       // [T, H D]
    const Tensor2 k = weights.k(source);  // [S, K D]
    const Tensor2 v = weights.v(source);  // [S, K D]
    Tensor2 joined = uninitialized<2>(shape_of(q));
    attend(parts, q, k, v, bias, weights, past, record, joined.data());
    return weights.out(joined);  // [T, C]
}

KeyValues project_source(Ref2 source, const AttentionWeights& weights) {
    const Tensor2 k = weights.k(source), v = weights.v(source);  // [S, K D]
    const Ref3 keys = split_heads(k, weights.kv_heads), values = split_heads(v, weights.kv_heads);
    KeyValues result(weights.kv_heads, keys.shape[2]);
    result.append(keys, values);
    return result;
}

Tensor2 attend_to(const Parts& parts, Ref2 x, const KeyValues& source, const Bias& bias,
                  const AttentionWeights& weights) {
    const Tensor2 q = weights.q(x);  // [T, H D]
    const Tensor3 z = parts.attention(split_heads(q, weights.heads), source.keys(), source.values(),
                                      bias, weights.scale, nullptr);  // [H, T, D]
    Tensor2 joined = uninitialized<2>(shape_of(q));
    join_heads(z, joined.data());
    return weights.out(joined);
}

Tensor2 self_attention(const Parts& parts, Ref2 x, Segments segments,
                       const AttentionWeights& weights, Record* record) {
    const Tensor2 q = weights.q(x);  // [N, H D]
    const Tensor2 k = weights.k(x);  // [N, K D]
    const Tensor2 v = weights.v(x);  // [N, K D]
    Tensor2 joined = uninitialized<2>(shape_of(q));
    for (const Segment& segment : segments) {
        const auto part = [&](const Tensor2& all) {
            return rows(Ref2(all), segment.begin, segment.begin + segment.length);
        };
        const Index T = segment.length;
        const Index S = T + (segment.past == nullptr ? 0 : segment.past->length());
        const Tensor2 mask = self_bias(T, S, weights);
        attend(parts, part(q), part(k), part(v), mask.size() == 0 ? Bias() : Bias(mask), weights,
               segment.past, record, joined.data() + segment.begin * q.shape()[1]);
    }
    return weights.out(joined);  // [N, C]
}

}  // namespace fast
}  // namespace vitrine
