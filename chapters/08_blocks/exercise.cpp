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
Tensor2 padding_mask(Index, Index, Index) {
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
Tensor2 encoder_block(const Parts& parts, Ref2 x, const Bias& bias, const BlockWeights& weights,
                      KeyValues* past, Record* record) {
    if (x.size() >= 0) throw Todo("encoder_block");  // take this line out when you begin
    (void)parts, (void)bias, (void)weights, (void)past;

    Tensor2 stream = x.copy();
    tap(record, "resid_pre", stream, "TC");

    // 1. Attention with its norm and its residual.
    //    { const Scope in_attention(record, "attn."); ... } around the call gives the app your
    //    numbers.
    tap(record, "resid_mid", stream, "TC");

    // 2. Feed-forward with its norm and its residual.
    tap(record, "resid_post", stream, "TC");
    return stream;
}

/// One decoder block of an encoder-decoder: as above, with attention to the memory in the middle.
///
/// @param memory       [S, C], what the encoder made of the source
/// @param memory_bias  the mask for the memory
/// @param weights      also ln_cross and cross, for the attention to the memory
Tensor2 decoder_block(const Parts&, Ref2, Ref2, const Bias&, const Bias&, const BlockWeights&,
                      KeyValues*, Record*) {
    throw Todo("decoder_block");
}

}  // namespace vitrine::mine
