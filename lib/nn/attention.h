#pragma once

#include "activations/record.h"
#include "nn/bias.h"
#include "tensor/tensor.h"

namespace vitrine::fast {

/// softmax(scale Q K^T + bias) V, for each head on its own.
///
/// @param q      [H, T, D] queries
/// @param k      [K, S, D] keys; K divides H, query head h reads key head h / (H / K)
/// @param v      [K, S, D] values
/// @param bias   [T, S] or [H, T, S], added to the scores; -infinity hides a pair
/// @param scale  usually 1 / sqrt(D)
/// @param record takes "scores" (scaled, before the bias), "pattern" and "z" if it wants them
/// @return       z [H, T, D], the mix of values; zeros where a whole row is hidden
/// @throws ShapeError  if the heads, widths or lengths disagree
/// Source: Vaswani et al. 2017, equation 1; grouped heads: Ainslie et al. 2023.
Tensor3 attention(Ref3 q, Ref3 k, Ref3 v, const Bias& bias, float scale, Record* record = nullptr);

}  // namespace vitrine::fast
