#include "nn/feed_forward.h"

#include <algorithm>

#include "kernels/elementwise.h"
#include "tensor/shape.h"

namespace vitrine {

Tensor2 feed(const Parts& parts, Ref2 x, const FeedForwardWeights& weights, Record* record) {
    return weights.gated() ? parts.swiglu(parts, x, weights, record)
                           : parts.feed_forward(parts, x, weights, record);
}

namespace fast {

void activate(Real* x, Index count, Activate kind) {
    switch (kind) {
        case Activate::gelu_tanh: gelu_tanh(x, count); break;
        case Activate::gelu_exact: gelu_exact(x, count); break;
        case Activate::silu: silu(x, count); break;
        case Activate::quick_gelu: quick_gelu(x, count); break;
        case Activate::relu:
            for (Index i = 0; i < count; ++i) x[i] = std::max(x[i], Real{0});
            break;
    }
}

Tensor2 activation(Ref2 x, Activate kind) {
    Tensor2 result = x.copy();
    const Index N = x.shape[0], F = x.shape[1];  // clang 14 has no bindings in parallel regions
#pragma omp parallel for schedule(static) if (N * F > (1 << 14))
    for (Index n = 0; n < N; ++n) activate(result.data() + n * F, F, kind);
    return result;
}

Tensor2 feed_forward(const Parts& parts, Ref2 x, const FeedForwardWeights& weights,
                     Record* record) {
    Tensor2 pre = weights.in(x);  // [N, F]
    tap(record, "mlp_pre", pre, "TF");
    Tensor2 post = parts.activation(pre, weights.activation);  // [N, F]
    tap(record, "mlp_post", post, "TF");
    return weights.out(post);  // [N, C]
}

Tensor2 swiglu(const Parts& parts, Ref2 x, const FeedForwardWeights& weights, Record* record) {
    Tensor2 gate = weights.gate(x);  // [N, F]
    tap(record, "mlp_gate", gate, "TF");
    Tensor2 up = weights.in(x);  // [N, F]
    tap(record, "mlp_pre", up, "TF");
    Tensor2 post = parts.activation(gate, weights.activation);  // [N, F]
    check_shape("the activation's result", post, shape_of(up));
    const auto count = static_cast<Index>(post.size());
    Real* to = post.data();
    const Real* factor = up.data();
#pragma omp simd
    for (Index i = 0; i < count; ++i) to[i] *= factor[i];
    tap(record, "mlp_post", post, "TF");
    return weights.out(post);  // [N, C]
}

}  // namespace fast
}  // namespace vitrine
