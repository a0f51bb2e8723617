#include "nn/state_space.h"

#include <algorithm>

#include "kernels/elementwise.h"
#include "tensor/shape.h"

namespace vitrine {

Tensor2 causal_convolution(Ref2 x, Ref2 weight, Ref1 bias, Tensor2& past) {
    const auto [T, E] = shape2(x);
    const Index K = weight.shape[1];
    check_shape("weight", weight, {E, K});
    check_shape("bias", bias, {E});
    check_shape("past", past, {K - 1, E});
    Tensor2 all = uninitialized<2>({K - 1 + T, E});  // past and x
    std::copy(past.begin(), past.end(), all.begin());
    const Tensor2 dense = x.copy();
    std::copy(dense.begin(), dense.end(), all.begin() + (K - 1) * E);
    Tensor2 y = uninitialized<2>({T, E});
    for (Index t = 0; t < T; ++t) {
        for (Index e = 0; e < E; ++e) {
            Real sum = bias(e);
            for (Index k = 0; k < K; ++k) sum += weight(e, k) * all(t + k, e);
            y(t, e) = sum;
        }
    }
    past = rows(Ref2(all), T, T + K - 1).copy();
    return y;
}

Tensor2 selective_scan(const ScanInputs& in, Tensor2& state, Tensor3* states) {
    const Index T = in.u.shape[0], E = in.u.shape[1];  // clang 14: no bindings in OpenMP regions
    const Index N = in.A.shape[1];
    check_shape("delta", in.delta, {T, E});
    check_shape("A", in.A, {E, N});
    check_shape("B", in.B, {T, N});
    check_shape("C", in.C, {T, N});
    check_shape("D", in.D, {E});
    check_shape("state", state, {E, N});
    if (states != nullptr) *states = uninitialized<3>({T, E, N});
    Tensor2 y = uninitialized<2>({T, E});
#pragma omp parallel for schedule(static) if (T * E * N > (1 << 15))
    for (Index e = 0; e < E; ++e) {
        Real* h = state.data() + e * N;
        for (Index t = 0; t < T; ++t) {
            const Real u = in.u(t, e), delta = in.delta(t, e);
            Real sum = in.D(e) * u;
            for (Index n = 0; n < N; ++n) {
                h[n] = vector_exp(delta * in.A(e, n)) * h[n] + delta * in.B(t, n) * u;
                sum += in.C(t, n) * h[n];
            }
            y(t, e) = sum;
            if (states != nullptr) std::copy_n(h, N, states->data() + (t * E + e) * N);
        }
    }
    return y;
}

}  // namespace vitrine
