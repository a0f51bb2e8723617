// Chapter 07.
#include <cmath>

#include "kernels/matmul.h"
#include "nn/parts.h"
#include "tensor/shape.h"
#include "tensor/tensor.h"

namespace vitrine::mine {

Tensor2 gelu(Ref2 x) {
    const auto [N, F] = shape2(x);
    Tensor2 result = zeros<2>({N, F});
    for (Index n = 0; n < N; ++n) {
        for (Index f = 0; f < F; ++f) {
            const double v = x(n, f);
            const double inner = std::sqrt(2 / M_PI) * (v + 0.044715 * v * v * v);
            result(n, f) = static_cast<Real>(v / 2 * (1 + std::tanh(inner)));
        }
    }
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
    Tensor2 post = parts.activation(gate, weights.activation) * up;  // [N, F]
    tap(record, "mlp_post", post, "TF");
    return weights.out(post);  // [N, C]
}

}  // namespace vitrine::mine
