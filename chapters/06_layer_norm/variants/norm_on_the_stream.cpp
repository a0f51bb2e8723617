// Pre-norm normalises the stream itself: norm(x) + branch(norm(x)).
#define residual_block right_residual_block  // the other functions are the solution's
#include "../solution.cpp"
#undef residual_block

namespace vitrine::mine {

Tensor2 residual_block(Ref2 x, const NormWeights& weights, bool post_norm, const Branch& branch) {
    const auto norm = weights.kind == Norm::rms ? rms_norm : layer_norm;
    if (!post_norm) {
        const Tensor2 normed = norm(x, weights);
        return normed + branch(normed);
    }
    const Tensor2 sum = x.xt() + branch(x);
    return norm(sum, weights);
}

}  // namespace vitrine::mine
