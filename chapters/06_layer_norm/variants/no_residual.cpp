// The stream is not added back: only the branch goes on.
#define residual_block right_residual_block  // the other functions are the solution's
#include "../solution.cpp"
#undef residual_block

namespace vitrine::mine {

Tensor2 residual_block(Ref2 x, const NormWeights& weights, bool post_norm, const Branch& branch) {
    const auto norm = weights.kind == Norm::rms ? rms_norm : layer_norm;
    return post_norm ? norm(branch(x), weights) : branch(norm(x, weights));
}

}  // namespace vitrine::mine
