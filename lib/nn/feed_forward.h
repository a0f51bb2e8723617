#pragma once

#include "nn/parts.h"

namespace vitrine {

/// The feed-forward that the weights ask for, plain or gated. [N, C] -> [N, C]
Tensor2 feed(const Parts& parts, Ref2 x, const FeedForwardWeights& weights, Record* record);

namespace fast {

/// The activation function of `count` numbers, in place.
void activate(Real* x, Index count, Activate kind);

/// The activation function, elementwise: [N, F] -> [N, F].
Tensor2 activation(Ref2 x, Activate kind);

/// activation(x W_in + b_in) W_out + b_out, each row on its own.
///
/// @param parts    its activation is called
/// @param x        [N, C]
/// @param record   takes "mlp_pre" and "mlp_post", both [N, F]
/// @return         [N, C]
/// @throws ShapeError  if x has another width than the map
/// Source: Vaswani et al. 2017, equation 2.
Tensor2 feed_forward(const Parts& parts, Ref2 x, const FeedForwardWeights& weights,
                     Record* record = nullptr);

/// (activation(x W_gate) * (x W_in)) W_out, each row on its own.
///
/// @param parts    its activation is called, with SiLU in Llama
/// @param x        [N, C]
/// @param record   takes "mlp_gate" (before the activation), "mlp_pre" and "mlp_post", all [N, F]
/// @return         [N, C]
/// @throws ShapeError  if x has another width than the maps
/// Source: Shazeer 2020, equation 6.
Tensor2 swiglu(const Parts& parts, Ref2 x, const FeedForwardWeights& weights,
               Record* record = nullptr);

}  // namespace fast
}  // namespace vitrine
