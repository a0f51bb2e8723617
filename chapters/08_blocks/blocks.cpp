// The blocks a transformer is stacked from, and the masks that make an encoder or a decoder of it.
// The clear version. lib/nn/block.cpp is the fast one.
#include "blocks.h"

#include <limits>

#include "nn/feed_forward.h"
#include "nn/layer_norm.h"

namespace vitrine::chapters {

namespace {
constexpr Real hidden = -std::numeric_limits<Real>::infinity();

/// A branch's input: normalised before it, or (post-norm) as it is.
Tensor2 before(const Parts& parts, const Tensor2& x, const NormWeights& norm, bool post_norm,
               const char* name, Record* record) {
    if (post_norm) return x;
    Tensor2 normed = normalize(parts, x, norm);
    tap(record, name, normed, "TC");
    return normed;
}
}  // namespace

// [marker:masks]
Tensor2 causal_mask(Index T, Index S) {
    Tensor2 mask = zeros<2>({T, S});
    for (Index t = 0; t < T; ++t) {
        const Index position = t + (S - T);  // of the query, among all S
        for (Index s = position + 1; s < S; ++s) mask(t, s) = hidden;
    }
    return mask;
}

Tensor2 padding_mask(Index T, Index S, Index visible) {
    Tensor2 mask = zeros<2>({T, S});
    for (Index t = 0; t < T; ++t) {
        for (Index s = visible; s < S; ++s) mask(t, s) = hidden;
    }
    return mask;
}
// [/marker]

namespace {

/// The second half of a block.
Tensor2 feed_forward_half(const Parts& parts, const Tensor2& x, const BlockWeights& weights,
                          Record* record) {
    const Tensor2 in = before(parts, x, weights.ln_2, weights.post_norm, "ln_2", record);
    // [marker:feed]
    Tensor2 mlp_out = feed(parts, in, weights.mlp, record);  // [T, C]
    tap(record, "mlp_out", mlp_out, "TC");
    Tensor2 resid_post = x + mlp_out;
    if (weights.post_norm) resid_post = normalize(parts, resid_post, weights.ln_2);
    // [/marker]
    tap(record, "resid_post", resid_post, "TC");
    return resid_post;
}

/// The first half: a position looks at its own sequence.
Tensor2 self_attention_half(const Parts& parts, Ref2 x, const Bias& bias,
                            const BlockWeights& weights, KeyValues* past, Record* record) {
    Tensor2 resid_pre = x.copy();  // [T, C]
    tap(record, "resid_pre", resid_pre, "TC");
    const Tensor2 in = before(parts, resid_pre, weights.ln_1, weights.post_norm, "ln_1", record);
    Tensor2 attn_out;
    {
        const Scope in_attention(record, "attn.");
        // [marker:self]
        attn_out = parts.multi_head_attention(parts, in, in, bias, weights.attn, past, record);
        // [/marker]
    }
    tap(record, "attn_out", attn_out, "TC");
    Tensor2 resid_mid = resid_pre + attn_out;
    if (weights.post_norm) resid_mid = normalize(parts, resid_mid, weights.ln_1);
    tap(record, "resid_mid", resid_mid, "TC");
    return resid_mid;
}

}  // namespace

Tensor2 encoder_block(const Parts& parts, Ref2 x, const Bias& bias, const BlockWeights& weights,
                      KeyValues* past, Record* record) {
    // [marker:encoder]
    const Tensor2 resid_mid = self_attention_half(parts, x, bias, weights, past, record);
    return feed_forward_half(parts, resid_mid, weights, record);
    // [/marker]
}

Tensor2 decoder_block(const Parts& parts, Ref2 x, Ref2 memory, const Bias& bias,
                      const Bias& memory_bias, const BlockWeights& weights, KeyValues* past,
                      Record* record) {
    const Tensor2 resid_mid = self_attention_half(parts, x, bias, weights, past, record);
    const Tensor2 in =
        before(parts, resid_mid, weights.ln_cross, weights.post_norm, "ln_cross", record);
    Tensor2 cross_out;
    {
        const Scope in_attention(record, "cross_attn.");
        // [marker:cross]
        cross_out = parts.multi_head_attention(parts, in, memory, memory_bias, weights.cross,
                                               nullptr, record);
        // [/marker]
    }
    tap(record, "cross_attn_out", cross_out, "TC");
    Tensor2 resid_cross = resid_mid + cross_out;
    if (weights.post_norm) resid_cross = normalize(parts, resid_cross, weights.ln_cross);
    tap(record, "resid_cross", resid_cross, "TC");
    return feed_forward_half(parts, resid_cross, weights, record);
}

}  // namespace vitrine::chapters
