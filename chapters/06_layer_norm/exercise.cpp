// Chapter 06: layer norm. Write the three functions; `vitrine check 06_layer_norm` tells you how
// far they go.
#include <cmath>
#include <functional>

#include "nn/parts.h"
#include "tensor/shape.h"
#include "tensor/tensor.h"

namespace vitrine::mine {

/// (x - mean) / sqrt(variance + epsilon) * gain + bias, for each row on its own.
///
/// @param x        [N, C], a row for each position
/// @param weights  gain [C], bias [C] (or empty: none), epsilon
/// @return         [N, C]
///
/// Handy: zeros<2>({N, C}) makes a tensor, x(n, c) is an element, std::sqrt; or xtensor:
/// `const Tensor2 mean = xt::mean(x.xt(), {1}, xt::keep_dims);` is the mean of each row, [N, 1].
/// (Give what xtensor computes a name of type Tensor2 before you use it: unnamed, it is only a
/// plan.)
Tensor2 layer_norm(Ref2 x, const NormWeights& weights) {
    const auto [N, C] = shape2(x);
    Tensor2 result = zeros<2>({N, C});
    // 1. The mean of the row.
    // 2. The variance: the mean of the squared deviations.
    // 3. Each number: how many deviations it is away from the mean; then gain and bias.
    (void)weights;
    return result;
}

/// x / sqrt(mean of the squares + epsilon) * gain, for each row on its own.
///
/// @param x        [N, C]
/// @param weights  gain [C], epsilon; there is no bias
/// @return         [N, C]
Tensor2 rms_norm(Ref2 /*x*/, const NormWeights& /*weights*/) {
    throw Todo("rms_norm");
}

/// A branch around which the residual stream flows: attention or feed-forward.
using Branch = std::function<Tensor2(Ref2)>;

/// The branch with its norm and its residual connection.
///
/// @param x          [N, C], the residual stream
/// @param weights    of the norm; weights.kind is Norm::layer or Norm::rms
/// @param post_norm  true: the norm comes after the sum; false: before the branch
/// @param branch     call it as branch(x): [N, C] -> [N, C]
/// @return           [N, C]
///
/// x.xt() + branch(x) adds; a name of type Tensor2 makes numbers of it, before a norm can read
/// them.
Tensor2 residual_block(Ref2 /*x*/, const NormWeights& /*weights*/, bool /*post_norm*/,
                       const Branch& /*branch*/) {
    throw Todo("residual_block");
}

}  // namespace vitrine::mine
