// The logit lens: what a model would say if it stopped after a layer.
#pragma once

#include "nn/parts.h"

namespace vitrine {

/// The residual stream anywhere in the model, through the last norm and the unembedding.
/// @param stream  [T, C], for example "blocks.3.resid_post"
/// @return        [T, V], logits
/// Source: nostalgebraist 2020, "interpreting GPT: the logit lens".
Tensor2 logit_lens(const DecoderWeights& weights, Ref2 stream, const Parts& parts = fast_parts());

}  // namespace vitrine
