// The feed-forward network of a block, plain and gated, and its activation functions.
// The clear version. lib/nn/feed_forward.cpp is the fast one.
#include "feed_forward.h"

#include <cmath>
#include <numbers>

namespace vitrine::chapters {

Tensor2 gelu_exact(Ref2 x) {
    const auto values = x.xt();
    return 0.5F * values * (1.0F + xt::erf(values / std::numbers::sqrt2_v<float>));
}

Tensor2 gelu(Ref2 x) {
    // [marker:gelu]
    const auto values = x.xt();  // a view of x, not a formula
    const Tensor2 cubes = values * values * values;
    const float scale = std::sqrt(2.0F / std::numbers::pi_v<float>);
    const Tensor2 inner = scale * (values + 0.044715F * cubes);
    return 0.5F * values * (1.0F + xt::tanh(inner));
    // [/marker]
}

Tensor2 silu(Ref2 x) {
    const auto values = x.xt();
    return values / (1.0F + xt::exp(-values));
}

Tensor2 activation(Ref2 x, Activate kind) {
    switch (kind) {
        case Activate::gelu_tanh: return gelu(x);
        case Activate::gelu_exact: return gelu_exact(x);
        case Activate::silu: return silu(x);
        case Activate::quick_gelu: return silu(Tensor2(1.702F * x.xt())) / 1.702F;
        case Activate::relu: break;
    }
    return xt::maximum(x.xt(), 0.0F);
}

Tensor2 feed_forward(const Parts& parts, Ref2 x, const FeedForwardWeights& weights,
                     Record* record) {
    // [marker:feed_forward]
    Tensor2 pre = weights.in(x);  // [N, F]
    tap(record, "mlp_pre", pre, "TF");
    Tensor2 post = parts.activation(pre, weights.activation);  // [N, F]
    tap(record, "mlp_post", post, "TF");
    return weights.out(post);  // [N, C]
    // [/marker]
}

Tensor2 swiglu(const Parts& parts, Ref2 x, const FeedForwardWeights& weights, Record* record) {
    // [marker:swiglu]
    Tensor2 gate = weights.gate(x);  // [N, F]
    tap(record, "mlp_gate", gate, "TF");
    Tensor2 up = weights.in(x);  // [N, F]
    tap(record, "mlp_pre", up, "TF");
    Tensor2 post = parts.activation(gate, weights.activation) * up;  // [N, F], element by element
    tap(record, "mlp_post", post, "TF");
    return weights.out(post);  // [N, C]
    // [/marker]
}

}  // namespace vitrine::chapters
