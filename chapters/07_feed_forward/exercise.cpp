// Chapter 07: the feed-forward network. Write the three functions; `vitrine check 07_feed_forward`
// tells you how far they go.
#include <cmath>

#include "kernels/matmul.h"
#include "nn/parts.h"
#include "tensor/shape.h"
#include "tensor/tensor.h"

namespace vitrine::mine {

/// GELU by the tanh formula, for each number:
/// x/2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))).
///
/// @param x  [N, F]
/// @return   [N, F]
///
/// Handy: x(n, f) is an element, std::tanh, std::sqrt; pi is M_PI.
Tensor2 gelu(Ref2 x) {
    const auto [N, F] = shape2(x);
    Tensor2 result = zeros<2>({N, F});
    return result;
}

/// Up to the wide layer, through the activation, and down again.
///
/// @param parts    parts.activation(y, weights.activation) is the activation function
/// @param x        [N, C]
/// @param weights  weights.in is a Linear [C, F], weights.out a Linear [F, C]; call one as
///                 weights.in(x): it multiplies and adds its bias
/// @return         [N, C]
Tensor2 feed_forward(const Parts& parts, Ref2 x, const FeedForwardWeights& weights,
                     Record* record) {
    if (x.size() >= 0) throw Todo("feed_forward");  // take this line out when you begin

    // 1. Up: [N, C] -> [N, F].
    Tensor2 pre = zeros<2>({x.shape[0], weights.in.out_features()});
    tap(record, "mlp_pre", pre, "TF");  // the app sees your numbers here

    // 2. The activation.
    Tensor2 post = zeros<2>({x.shape[0], weights.in.out_features()});
    tap(record, "mlp_post", post, "TF");

    // 3. Down: [N, F] -> [N, C].
    (void)parts;
    return zeros<2>(x.shape);
}

/// The gated feed-forward of Llama: one projection decides how much of the other passes.
///
/// @param parts    as above; weights.activation is SiLU here. It works on the gate
/// @param x        [N, C]
/// @param weights  weights.gate and weights.in are Linears [C, F], weights.out is [F, C]
/// @return         [N, C]
Tensor2 swiglu(const Parts& parts, Ref2 x, const FeedForwardWeights& weights, Record* record) {
    if (x.size() >= 0) throw Todo("swiglu");  // take this line out when you begin

    // The gate is shown as it is before the curve.
    Tensor2 gate = zeros<2>({x.shape[0], weights.in.out_features()});
    tap(record, "mlp_gate", gate, "TF");

    Tensor2 up = zeros<2>({x.shape[0], weights.in.out_features()});
    tap(record, "mlp_pre", up, "TF");

    Tensor2 post = zeros<2>({x.shape[0], weights.in.out_features()});
    tap(record, "mlp_post", post, "TF");

    (void)parts;
    return zeros<2>(x.shape);
}

}  // namespace vitrine::mine
