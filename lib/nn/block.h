#pragma once

#include "nn/parts.h"

namespace vitrine {

/// A block for a packed batch, one segment after the other, by parts.encoder_block.
Tensor2 block_by_segment(const Parts& parts, Ref2 x, Segments segments, const BlockWeights& weights,
                         Record* record);

namespace fast {

// Each takes x to [T, C] (or [N, C]); a record gets "resid_pre", "ln_1", "attn_out", "resid_mid",
// "ln_2", "mlp_out", "resid_post", all [T, C], and under "attn." what attention hands over.
// Pre-norm:  x + attention(norm(x)), then + feed_forward(norm(that)).
// Post-norm: norm(x + attention(x)), then norm(that + feed_forward(that)).
// Sources: Vaswani et al. 2017, figure 1 (post-norm); Radford et al. 2019, section 2.3 (pre-norm).

/// One encoder block on one sequence; with a causal bias a block of GPT.
/// @param x     [T, C], the residual stream
/// @param bias  [T, past + T]: which positions see which
/// @param past  keys and values of earlier positions; null: none
Tensor2 encoder_block(const Parts& parts, Ref2 x, const Bias& bias, const BlockWeights& weights,
                      KeyValues* past = nullptr, Record* record = nullptr);

/// One decoder block of an encoder-decoder: self-attention, attention to the memory, feed-forward,
/// each around a residual. A record also gets "ln_cross", "cross_attn_out" and "resid_cross", and
/// under "cross_attn." what that attention hands over.
/// @param memory       [S, C], what the encoder made of the source
/// @param bias         [T, past + T]
/// @param memory_bias  [T, S]: hides padding of the source
Tensor2 decoder_block(const Parts& parts, Ref2 x, Ref2 memory, const Bias& bias,
                      const Bias& memory_bias, const BlockWeights& weights,
                      KeyValues* past = nullptr, Record* record = nullptr);

/// encoder_block for a packed batch x [N, C], masked as the weights ask for.
Tensor2 block(const Parts& parts, Ref2 x, Segments segments, const BlockWeights& weights,
              Record* record = nullptr);

}  // namespace fast
}  // namespace vitrine
