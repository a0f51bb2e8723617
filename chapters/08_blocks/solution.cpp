// Chapter 08.
#include <limits>

#include "nn/parts.h"
#include "tensor/shape.h"
#include "tensor/tensor.h"

namespace vitrine::mine {

/// The norm that the weights ask for.
inline Tensor2 norm(const Parts& parts, Ref2 x, const NormWeights& weights) {
    return weights.kind == Norm::rms ? parts.rms_norm(x, weights) : parts.layer_norm(x, weights);
}

/// The feed-forward network that the weights ask for.
inline Tensor2 feed_forward(const Parts& parts, Ref2 x, const FeedForwardWeights& weights,
                            Record* record) {
    return weights.gated() ? parts.swiglu(parts, x, weights, record)
                           : parts.feed_forward(parts, x, weights, record);
}

Tensor2 causal_mask(Index T, Index S) {
    Tensor2 mask = zeros<2>({T, S});
    for (Index t = 0; t < T; ++t) {
        for (Index s = 0; s < S; ++s) {
            if (s > t + (S - T)) mask(t, s) = -std::numeric_limits<Real>::infinity();
        }
    }
    return mask;
}

Tensor2 padding_mask(Index T, Index S, Index visible) {
    Tensor2 mask = zeros<2>({T, S});
    for (Index t = 0; t < T; ++t) {
        for (Index s = 0; s < S; ++s) {
            if (s >= visible) mask(t, s) = -std::numeric_limits<Real>::infinity();
        }
    }
    return mask;
}

Tensor2 encoder_block(const Parts& parts, Ref2 x, const Bias& bias, const BlockWeights& weights,
                      KeyValues* past, Record* record) {
    Tensor2 stream = x.copy();
    tap(record, "resid_pre", stream, "TC");
    Tensor2 in = weights.post_norm ? stream : norm(parts, stream, weights.ln_1);
    if (!weights.post_norm) tap(record, "ln_1", in, "TC");
    Tensor2 attn_out;
    {
        const Scope in_attention(record, "attn.");
        attn_out = parts.multi_head_attention(parts, in, in, bias, weights.attn, past, record);
    }
    tap(record, "attn_out", attn_out, "TC");
    stream = stream + attn_out;
    if (weights.post_norm) stream = norm(parts, stream, weights.ln_1);
    tap(record, "resid_mid", stream, "TC");
    in = weights.post_norm ? stream : norm(parts, stream, weights.ln_2);
    if (!weights.post_norm) tap(record, "ln_2", in, "TC");
    Tensor2 mlp_out = feed_forward(parts, in, weights.mlp, record);
    tap(record, "mlp_out", mlp_out, "TC");
    stream = stream + mlp_out;
    if (weights.post_norm) stream = norm(parts, stream, weights.ln_2);
    tap(record, "resid_post", stream, "TC");
    return stream;
}

Tensor2 decoder_block(const Parts& parts, Ref2 x, Ref2 memory, const Bias& bias,
                      const Bias& memory_bias, const BlockWeights& weights, KeyValues* past,
                      Record* record) {
    Tensor2 stream = x.copy();
    tap(record, "resid_pre", stream, "TC");
    Tensor2 in = weights.post_norm ? stream : norm(parts, stream, weights.ln_1);
    if (!weights.post_norm) tap(record, "ln_1", in, "TC");
    Tensor2 attn_out;
    {
        const Scope in_attention(record, "attn.");
        attn_out = parts.multi_head_attention(parts, in, in, bias, weights.attn, past, record);
    }
    tap(record, "attn_out", attn_out, "TC");
    stream = stream + attn_out;
    if (weights.post_norm) stream = norm(parts, stream, weights.ln_1);
    tap(record, "resid_mid", stream, "TC");
    in = weights.post_norm ? stream : norm(parts, stream, weights.ln_cross);
    if (!weights.post_norm) tap(record, "ln_cross", in, "TC");
    Tensor2 cross_out;
    {
        const Scope in_attention(record, "cross_attn.");
        cross_out = parts.multi_head_attention(parts, in, memory, memory_bias, weights.cross,
                                               nullptr, record);
    }
    tap(record, "cross_attn_out", cross_out, "TC");
    stream = stream + cross_out;
    if (weights.post_norm) stream = norm(parts, stream, weights.ln_cross);
    tap(record, "resid_cross", stream, "TC");
    in = weights.post_norm ? stream : norm(parts, stream, weights.ln_2);
    if (!weights.post_norm) tap(record, "ln_2", in, "TC");
    Tensor2 mlp_out = feed_forward(parts, in, weights.mlp, record);
    tap(record, "mlp_out", mlp_out, "TC");
    stream = stream + mlp_out;
    if (weights.post_norm) stream = norm(parts, stream, weights.ln_2);
    tap(record, "resid_post", stream, "TC");
    return stream;
}

}  // namespace vitrine::mine
