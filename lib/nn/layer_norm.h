#pragma once

#include "nn/weights.h"

namespace vitrine::fast {

/// (x - mean) / sqrt(variance + epsilon) * gain + bias, over each row.
///
/// @param x        [N, C]
/// @param weights  gain [C], bias [C], epsilon; the variance is the biased one (1/C)
/// @return         [N, C]
/// @throws ShapeError  if gain or bias have another width
/// Source: Ba, Kiros and Hinton 2016, equation 4.
Tensor2 layer_norm(Ref2 x, const NormWeights& weights);

}  // namespace vitrine::fast
