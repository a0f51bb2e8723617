// The squares are added up, but not divided by their number.
#define rms_norm right_rms_norm  // the other functions are the solution's
#include "../solution.cpp"
#undef rms_norm

namespace vitrine::mine {

Tensor2 rms_norm(Ref2 x, const NormWeights& weights) {
    const auto [N, C] = shape2(x);
    Tensor2 result = zeros<2>({N, C});
    for (Index n = 0; n < N; ++n) {
        Real squares = 0;
        for (Index c = 0; c < C; ++c) squares += x(n, c) * x(n, c);
        const Real size = std::sqrt(squares + weights.epsilon);
        for (Index c = 0; c < C; ++c) result(n, c) = x(n, c) / size * weights.gain(c);
    }
    return result;
}

}  // namespace vitrine::mine
