// Norms of the residual stream, and where they stand.
// The clear version. lib/nn/layer_norm.cpp is the fast one.
#include "layer_norm.h"

#include "tensor/shape.h"

namespace vitrine::chapters {

Tensor2 layer_norm(Ref2 x, const NormWeights& weights) {
    const Index C = x.shape[1];
    check_shape("gain", weights.gain, {C});
    if (weights.bias.size() != 0) check_shape("bias", weights.bias, {C});
    // [marker:layer_norm]
    const Tensor2 mean = xt::mean(x.xt(), {1}, xt::keep_dims);                 // [N, 1]
    const Tensor2 centred = x.xt() - mean;                                     // [N, C]
    const Tensor2 variance = xt::mean(centred * centred, {1}, xt::keep_dims);  // [N, 1]
    const Tensor2 normed = centred / xt::sqrt(variance + weights.epsilon);     // [N, C]
    Tensor2 result = normed * weights.gain;                                    // gain [C]: each row
    if (weights.bias.size() != 0) result += weights.bias;
    return result;
    // [/marker]
}

Tensor2 rms_norm(Ref2 x, const NormWeights& weights) {
    check_shape("gain", weights.gain, {x.shape[1]});
    // [marker:rms_norm]
    const Tensor2 squares = xt::mean(x.xt() * x.xt(), {1}, xt::keep_dims);  // [N, 1]
    return x.xt() / xt::sqrt(squares + weights.epsilon) * weights.gain;     // [N, C]
    // [/marker]
}

Tensor2 residual_block(Ref2 x, const NormWeights& weights, bool post_norm, const Branch& branch) {
    const auto norm = weights.kind == Norm::rms ? rms_norm : layer_norm;
    // [marker:residual]
    if (post_norm) {
        const Tensor2 sum = x.xt() + branch(x);  // 2017, BERT
        return norm(sum, weights);
    }
    return x.xt() + branch(norm(x, weights));  // GPT-2, Llama
    // [/marker]
}

}  // namespace vitrine::chapters
