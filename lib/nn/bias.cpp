#include "nn/bias.h"

#include <limits>

#include "tensor/shape.h"

namespace vitrine {

void Bias::check(Index H, Index T, Index S) const {
    if (rank_ == 2) check_shape("bias", shared_, {T, S}, "[T, S] or [H, T, S]");
    if (rank_ == 3) check_shape("bias", each_, {H, T, S}, "[T, S] or [H, T, S]");
}

Tensor3 add_bias(Ref3 scores, const Bias& bias) {
    const auto [H, T, S] = shape3(scores);
    bias.check(H, T, S);
    Tensor3 sum = scores.copy();  // [H, T, S]
    if (bias.none()) return sum;
    Real* row = sum.data();
    for (Index h = 0; h < H; ++h) {
        const Ref2 added = bias.head(h);
        for (Index t = 0; t < T; ++t, row += S) {
            for (Index s = 0; s < S; ++s) row[s] += added(t, s);
        }
    }
    return sum;
}

Tensor2 causal_bias(Index T, Index S) {
    Tensor2 bias = zeros<2>({T, S});
    for (Index t = 0; t < T; ++t) {
        for (Index s = t + (S - T) + 1; s < S; ++s) {
            bias(t, s) = -std::numeric_limits<Real>::infinity();
        }
    }
    return bias;
}

}  // namespace vitrine
