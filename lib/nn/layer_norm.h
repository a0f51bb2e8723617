#pragma once

#include "nn/parts.h"

namespace vitrine {

/// The norm that the weights ask for. [N, C] -> [N, C]
Tensor2 normalize(const Parts& parts, Ref2 x, const NormWeights& weights);

namespace fast {

/// (x - mean) / sqrt(variance + epsilon) * gain + bias, over each row.
///
/// @param x        [N, C]
/// @param weights  gain [C], bias [C] or none, epsilon; the variance is the biased one (1/C)
/// @return         [N, C]
/// @throws ShapeError  if gain or bias have another width
/// Source: Ba, Kiros and Hinton 2016, equation 4.
Tensor2 layer_norm(Ref2 x, const NormWeights& weights);

/// x / sqrt(mean(x^2) + epsilon) * gain, over each row.
///
/// @param x        [N, C]
/// @param weights  gain [C], epsilon
/// @return         [N, C]
/// @throws ShapeError  if gain has another width
/// Source: Zhang and Sennrich 2019, equation 4.
Tensor2 rms_norm(Ref2 x, const NormWeights& weights);

}  // namespace fast
}  // namespace vitrine
