#pragma once

#include "activations/record.h"
#include "nn/bias.h"
#include "tensor/tensor.h"

namespace vitrine::chapters {

/// softmax along the last dimension, row by row; a row that is minus infinity throughout gives
/// zeros.
Tensor3 softmax_last(const Tensor3& x);

/// softmax(scale Q K^T + bias) V, for each head on its own; parameters as in lib/nn/attention.h.
Tensor3 attention(Ref3 q, Ref3 k, Ref3 v, const Bias& bias, float scale, Record* record = nullptr);

}  // namespace vitrine::chapters
