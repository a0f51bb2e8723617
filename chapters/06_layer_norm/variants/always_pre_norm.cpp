// post_norm is not looked at.
#define residual_block right_residual_block  // the other functions are the solution's
#include "../solution.cpp"
#undef residual_block

namespace vitrine::mine {

Tensor2 residual_block(Ref2 x, const NormWeights& weights, bool, const Branch& branch) {
    const auto norm = weights.kind == Norm::rms ? rms_norm : layer_norm;
    return x.xt() + branch(norm(x, weights));
}

}  // namespace vitrine::mine
