// Chapter 06, written row by row.
#include <cmath>
#include <functional>

#include "nn/parts.h"
#include "tensor/shape.h"
#include "tensor/tensor.h"

namespace vitrine::mine {

Tensor2 layer_norm(Ref2 x, const NormWeights& weights) {
    const auto [N, C] = shape2(x);
    Tensor2 result = zeros<2>({N, C});
    for (Index n = 0; n < N; ++n) {
        Real mean = 0, variance = 0;
        for (Index c = 0; c < C; ++c) mean += x(n, c) / static_cast<Real>(C);
        for (Index c = 0; c < C; ++c) {
            variance += (x(n, c) - mean) * (x(n, c) - mean) / static_cast<Real>(C);
        }
        const Real deviation = std::sqrt(variance + weights.epsilon);
        for (Index c = 0; c < C; ++c) {
            result(n, c) = (x(n, c) - mean) / deviation * weights.gain(c);
            if (weights.bias.size() != 0) result(n, c) += weights.bias(c);
        }
    }
    return result;
}

Tensor2 rms_norm(Ref2 x, const NormWeights& weights) {
    const auto [N, C] = shape2(x);
    Tensor2 result = zeros<2>({N, C});
    for (Index n = 0; n < N; ++n) {
        Real squares = 0;
        for (Index c = 0; c < C; ++c) squares += x(n, c) * x(n, c) / static_cast<Real>(C);
        const Real size = std::sqrt(squares + weights.epsilon);
        for (Index c = 0; c < C; ++c) result(n, c) = x(n, c) / size * weights.gain(c);
    }
    return result;
}

using Branch = std::function<Tensor2(Ref2)>;

Tensor2 residual_block(Ref2 x, const NormWeights& weights, bool post_norm, const Branch& branch) {
    const auto norm = weights.kind == Norm::rms ? rms_norm : layer_norm;
    if (!post_norm) return x.xt() + branch(norm(x, weights));
    const Tensor2 sum = x.xt() + branch(x);
    return norm(sum, weights);
}

}  // namespace vitrine::mine
