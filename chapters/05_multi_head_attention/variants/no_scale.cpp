// The scores are not scaled: 1 goes on instead of weights.scale.
#define multi_head_attention right_multi_head_attention  // the other functions are the solution's
#include "../solution.cpp"
#undef multi_head_attention

namespace vitrine::mine {

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
    const Tensor3 z = parts.attention(q, k, v, bias, 1.0F, record);
    return weights.out(join_heads(z));
}

}  // namespace vitrine::mine
