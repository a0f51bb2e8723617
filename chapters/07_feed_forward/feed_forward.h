#pragma once

#include "nn/parts.h"

namespace vitrine::chapters {

/// x/2 (1 + erf(x / sqrt 2)), elementwise: x times the share of a normal distribution below x.
Tensor2 gelu_exact(Ref2 x);

/// The same by a tanh, as GPT-2 has it: at most 0.0005 away.
Tensor2 gelu(Ref2 x);

/// x / (1 + e^-x), elementwise.
Tensor2 silu(Ref2 x);

/// The activation function of that kind; as lib/nn/feed_forward.h.
Tensor2 activation(Ref2 x, Activate kind);

/// activation(x W_in + b_in) W_out + b_out; as lib/nn/feed_forward.h.
Tensor2 feed_forward(const Parts& parts, Ref2 x, const FeedForwardWeights& weights,
                     Record* record = nullptr);

/// (activation(x W_gate) * (x W_in)) W_out; as lib/nn/feed_forward.h.
Tensor2 swiglu(const Parts& parts, Ref2 x, const FeedForwardWeights& weights,
               Record* record = nullptr);

}  // namespace vitrine::chapters
