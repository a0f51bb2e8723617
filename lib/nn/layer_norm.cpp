#include "nn/layer_norm.h"

#include "kernels/elementwise.h"
#include "tensor/shape.h"

namespace vitrine {

namespace {

/// Calls row(from, to) for every row of x, several at a time.
template <class Row>
Tensor2 each_row(Ref2 x, Row row) {
    const Index N = x.shape[0], C = x.shape[1];  // clang 14 has no bindings in parallel regions
    const Tensor2 dense = x.strides[1] == 1 ? Tensor2() : x.copy();
    const Ref2 in = x.strides[1] == 1 ? x : Ref2(dense);
    Tensor2 out = uninitialized<2>({N, C});
#pragma omp parallel for schedule(static) if (N * C > (1 << 15))
    for (Index n = 0; n < N; ++n) row(in.data + n * in.strides[0], out.data() + n * C);
    return out;
}

}  // namespace

Tensor2 normalize(const Parts& parts, Ref2 x, const NormWeights& weights) {
    return weights.kind == Norm::rms ? parts.rms_norm(x, weights) : parts.layer_norm(x, weights);
}

namespace fast {

Tensor2 layer_norm(Ref2 x, const NormWeights& weights) {
    const Index C = x.shape[1];
    check_shape("gain", weights.gain, {C});
    if (weights.bias.size() != 0) check_shape("bias", weights.bias, {C});
    const Tensor1 none = weights.bias.size() != 0 ? Tensor1() : zeros<1>({C});
    const Real* bias = weights.bias.size() != 0 ? weights.bias.data() : none.data();
    return each_row(x, [&](const Real* from, Real* to) {
        layer_norm_row(from, weights.gain.data(), bias, weights.epsilon, C, to);
    });
}

Tensor2 rms_norm(Ref2 x, const NormWeights& weights) {
    const Index C = x.shape[1];
    check_shape("gain", weights.gain, {C});
    return each_row(x, [&](const Real* from, Real* to) {
        rms_norm_row(from, weights.gain.data(), weights.epsilon, C, to);
    });
}

}  // namespace fast
}  // namespace vitrine
