// Chapter 08: blocks. Write the four functions; `vitrine check 08_blocks` tells you how far they
// go.
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

/// 0 where a query may look, minus infinity where the key comes later.
///
/// @param T  how many queries: the last T of S positions
/// @param S  how many keys
/// @return   [T, S]; query t stands at position t + (S - T)
///
/// Handy: minus infinity is -std::numeric_limits<Real>::infinity().
Tensor2 causal_mask(Index T, Index S) {
    Tensor2 mask = uninitialized<2>({T, S});
    mask.fill(1);
    return mask;
}

/// 0 for keys that are text, minus infinity for keys that are padding.
///
/// @param visible  the first `visible` keys are text
/// @return         [T, S], every row the same
Tensor2 padding_mask(Index /*T*/, Index /*S*/, Index /*visible*/) {
    throw Todo("padding_mask");
}

/// One encoder block. With a causal mask it is a block of GPT.
///
/// @param parts    parts.multi_head_attention(parts, in, in, bias, weights.attn, past, record)
/// @param x        [T, C], the residual stream
/// @param bias     the mask: hand it on
/// @param weights  ln_1, attn, ln_2, mlp; post_norm says where the norms stand
/// @param past     hand it on
/// @return         [T, C]
///
/// Call norm(parts, x, weights.ln_1) and feed_forward(parts, x, weights.mlp, record) from above.
/// Give a sum a name before a norm reads it: const Tensor2 sum = stream + attn_out.
Tensor2 encoder_block(const Parts& parts, Ref2 x, const Bias& bias, const BlockWeights& weights,
                      KeyValues* past, Record* record) {
    if (x.size() >= 0) throw Todo("encoder_block");  // take this line out when you begin
    (void)parts, (void)bias, (void)weights, (void)past;

    Tensor2 stream = x.copy();
    tap(record, "resid_pre", stream, "TC");

    // 1. Attention. What it reads is the stream; if pre-norm, after ln_1.
    Tensor2 in = stream;
    if (!weights.post_norm) tap(record, "ln_1", in, "TC");
    Tensor2 attn_out = zeros<2>(x.shape);
    {
        const Scope in_attention(record, "attn.");  // the names of what attention taps begin so
        // Here attn_out gets what multi_head_attention returns.
    }
    tap(record, "attn_out", attn_out, "TC");
    //    Add it to the stream; if post-norm, ln_1 after the sum.
    tap(record, "resid_mid", stream, "TC");

    // 2. Feed-forward, in the same way, with ln_2.
    if (!weights.post_norm) tap(record, "ln_2", in, "TC");
    Tensor2 mlp_out = zeros<2>(x.shape);
    tap(record, "mlp_out", mlp_out, "TC");
    tap(record, "resid_post", stream, "TC");
    return stream;
}

/// One decoder block of an encoder-decoder: as above, with attention to the memory in the middle.
///
/// @param memory       [S, C], what the encoder made of the source
/// @param memory_bias  the mask for the memory
/// @param weights      also ln_cross and cross, for the attention to the memory
/// @param past         of the self-attention; the memory's attention gets nullptr in its place
///
/// Post-norm: ln_cross after the sum. Names for the record, if you tap: "ln_cross",
/// "cross_attn_out", "resid_cross", and the scope "cross_attn." around that attention.
Tensor2 decoder_block(const Parts& /*parts*/, Ref2 /*x*/, Ref2 /*memory*/, const Bias& /*bias*/,
                      const Bias& /*memory_bias*/, const BlockWeights& /*weights*/,
                      KeyValues* /*past*/, Record* /*record*/) {
    throw Todo("decoder_block");
}

}  // namespace vitrine::mine
