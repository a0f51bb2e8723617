#pragma once

#include "nn/parts.h"

namespace vitrine::chapters {

/// [T, S]: 0 where query t may see key s, minus infinity where the key comes later. The T queries
/// are the last of S positions.
Tensor2 causal_mask(Index T, Index S);

/// [T, S]: minus infinity for the keys from `visible` on, which are padding.
Tensor2 padding_mask(Index T, Index S, Index visible);

/// One encoder block, which with a causal mask is a block of GPT; as lib/nn/block.h.
Tensor2 encoder_block(const Parts& parts, Ref2 x, const Bias& bias, const BlockWeights& weights,
                      KeyValues* past = nullptr, Record* record = nullptr);

/// One decoder block of an encoder-decoder; as lib/nn/block.h.
Tensor2 decoder_block(const Parts& parts, Ref2 x, Ref2 memory, const Bias& bias,
                      const Bias& memory_bias, const BlockWeights& weights,
                      KeyValues* past = nullptr, Record* record = nullptr);

}  // namespace vitrine::chapters
