#pragma once

#include <functional>

#include "nn/weights.h"

namespace vitrine::chapters {

/// (x - mean) / sqrt(variance + epsilon) * gain + bias of each row; as lib/nn/layer_norm.h.
Tensor2 layer_norm(Ref2 x, const NormWeights& weights);

/// x / sqrt(mean of squares + epsilon) * gain of each row; as lib/nn/layer_norm.h.
Tensor2 rms_norm(Ref2 x, const NormWeights& weights);

/// A branch of a model: attention or feed-forward. [N, C] -> [N, C]
using Branch = std::function<Tensor2(Ref2)>;

/// x + branch(norm(x)), or norm(x + branch(x)) if the norm comes after the sum.
///
/// @param x          [N, C] the residual stream
/// @param weights    of a LayerNorm or an RMSNorm, as their kind says
/// @param post_norm  the norm comes after the sum (2017, BERT), not before the branch (GPT-2,
/// Llama)
/// @return           [N, C]
Tensor2 residual_block(Ref2 x, const NormWeights& weights, bool post_norm, const Branch& branch);

}  // namespace vitrine::chapters
