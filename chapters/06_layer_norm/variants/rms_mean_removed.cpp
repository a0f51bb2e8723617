// The mean is taken off first: that is a LayerNorm without its bias.
#define rms_norm right_rms_norm  // the other functions are the solution's
#include "../solution.cpp"
#undef rms_norm

namespace vitrine::mine {

Tensor2 rms_norm(Ref2 x, const NormWeights& weights) {
    NormWeights without_bias = weights;
    without_bias.bias = {};
    return layer_norm(x, without_bias);
}

}  // namespace vitrine::mine
