// Epsilon is added to the deviation instead of the variance.
#define layer_norm right_layer_norm  // the other functions are the solution's
#include "../solution.cpp"
#undef layer_norm

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
        const Real deviation = std::sqrt(variance) + weights.epsilon;
        for (Index c = 0; c < C; ++c) {
            result(n, c) = (x(n, c) - mean) / deviation * weights.gain(c);
            if (weights.bias.size() != 0) result(n, c) += weights.bias(c);
        }
    }
    return result;
}

}  // namespace vitrine::mine
