#include "nn/block.h"

#include "tensor/shape.h"

namespace vitrine::fast {

namespace {

/// a + b, written over a.
Tensor2 added(Tensor2 a, const Tensor2& b) {
    check_shape("a residual branch", b, shape_of(a));
    const auto count = static_cast<Index>(a.size());
    Real* to = a.data();
    const Real* from = b.data();
#pragma omp simd
    for (Index i = 0; i < count; ++i) to[i] += from[i];
    return a;
}

}  // namespace

Tensor2 block(const Parts& parts, Ref2 x, Segments segments, const BlockWeights& weights,
              Record* record) {
    Tensor2 residual = x.copy();  // [N, C]
    tap(record, "resid_pre", residual, "TC");

    Tensor2 normed = parts.layer_norm(residual, weights.ln_1);
    tap(record, "ln_1", normed, "TC");
    Tensor2 attn_out = parts.multi_head_attention(parts, normed, segments, weights.attn, record);
    tap(record, "attn_out", attn_out, "TC");
    residual = added(std::move(residual), attn_out);
    tap(record, "resid_mid", residual, "TC");

    normed = parts.layer_norm(residual, weights.ln_2);
    tap(record, "ln_2", normed, "TC");
    Tensor2 mlp_out = parts.feed_forward(parts, normed, weights.mlp, record);
    tap(record, "mlp_out", mlp_out, "TC");
    residual = added(std::move(residual), mlp_out);
    tap(record, "resid_post", residual, "TC");
    return residual;
}

}  // namespace vitrine::fast
