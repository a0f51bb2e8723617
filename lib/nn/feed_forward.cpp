#include "nn/feed_forward.h"

#include <algorithm>

#include "kernels/elementwise.h"
#include "tensor/shape.h"

namespace vitrine::fast {

namespace {

void activate(Real* x, Index count, Activate kind) {
    switch (kind) {
        case Activate::gelu_tanh: gelu_tanh(x, count); break;
        case Activate::gelu_exact: gelu_exact(x, count); break;
        case Activate::silu: silu(x, count); break;
        case Activate::relu:
            for (Index i = 0; i < count; ++i) x[i] = std::max(x[i], Real{0});
            break;
    }
}

}  // namespace

Tensor2 activation(Ref2 x, Activate kind) {
    Tensor2 result = x.copy();
    const auto [N, F] = shape2(x);
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

}  // namespace vitrine::fast
