// The variance is taken for a constant.
#define layer_norm_backward right_layer_norm_backward  // the other functions are the solution's
#include "../solution.cpp"
#undef layer_norm_backward

namespace vitrine::mine {

NormGradients layer_norm_backward(Ref2 dy, Ref2 x, const NormWeights& weights) {
    const auto [N, C] = shape2(x);
    const auto width = static_cast<Real>(C);
    NormGradients result{zeros<2>({N, C}), zeros<1>({C}), zeros<1>({C})};
    for (Index n = 0; n < N; ++n) {
        Real mean = 0, variance = 0, of_mean = 0;
        for (Index c = 0; c < C; ++c) mean += x(n, c) / width;
        for (Index c = 0; c < C; ++c) variance += (x(n, c) - mean) * (x(n, c) - mean) / width;
        const Real deviation = std::sqrt(variance + weights.epsilon);
        for (Index c = 0; c < C; ++c) {
            const Real normed = (x(n, c) - mean) / deviation, g = dy(n, c) * weights.gain(c);
            of_mean += g / width;
            result.dgain(c) += dy(n, c) * normed;
            result.dbias(c) += dy(n, c);
        }
        for (Index c = 0; c < C; ++c) {
            const Real normed = (x(n, c) - mean) / deviation, g = dy(n, c) * weights.gain(c);
            result.dx(n, c) = (g - of_mean) / deviation;
        }
    }
    return result;
}

}  // namespace vitrine::mine
