// Chapter 10: training. Write the nine functions; `vitrine check 10_training` tells you how far
// they go.
#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

#include "kernels/matmul.h"
#include "nn/parts.h"
#include "tensor/shape.h"
#include "tensor/tensor.h"
#include "train/training_parts.h"

namespace vitrine::mine {

using namespace vitrine::train;

/// What should come next: each token's target is the token behind it.
///
/// @param ids  [T]
/// @return     [T]; the last token has no target: -1
std::vector<int> next_token_targets(std::span<const int> ids) {
    if (!ids.empty()) throw Todo("next_token_targets");  // take this line out when you begin
    std::vector<int> targets(ids.size(), -1);
    return targets;
}

/// The mean of -log softmax(logits)[target] over the rows that have a target.
///
/// @param logits   [N, V]
/// @param targets  [N], an id each, or -1: this row does not count
///
/// -log softmax(l)[i] is log(sum of exp(l - m)) - (l(i) - m), with m the largest of the row: so no
/// exponential overflows.
double cross_entropy(Ref2 /*logits*/, std::span<const int> /*targets*/) {
    throw Todo("cross_entropy");
}

/// The gradient of cross_entropy by the logits.
///
/// @return  [N, V], zeros in the rows that do not count
Tensor2 cross_entropy_backward(Ref2 /*logits*/, std::span<const int> /*targets*/) {
    throw Todo("cross_entropy_backward");
}

/// The gradients of y = x w + b.
///
/// @param dy  [N, out], the gradient of the loss by y
/// @param x   [N, in]
/// @param w   [in, out]
/// @return    {dx [N, in], dw [in, out], db [out]}
///
/// Handy: matmul(a, b), transpose_last(a); the sum of all rows is
/// `const Tensor1 sum = xt::sum(dy.xt(), {0});`
LinearGradients linear_backward(Ref2 /*dy*/, Ref2 /*x*/, Ref2 /*w*/) {
    throw Todo("linear_backward");
}

/// The gradients of y = (x - mean) / deviation * gain + bias, row by row.
///
/// @param dy       [N, C]
/// @param x        [N, C], what went in
/// @param weights  gain [C], epsilon; deviation = sqrt(variance + epsilon)
/// @return         {dx [N, C], dgain [C], dbias [C]}
NormGradients layer_norm_backward(Ref2 /*dy*/, Ref2 /*x*/, const NormWeights& /*weights*/) {
    throw Todo("layer_norm_backward");
}

/// The gradients of z = pattern v with pattern = softmax(scale q k^T + mask), head by head.
///
/// @param dz       [H, T, D]
/// @param q        [H, T, D]
/// @param k, v     [H, S, D]
/// @param pattern  [H, T, S], as the forward pass left it; 0 where the mask hides
/// @return         {dq [H, T, D], dk [H, S, D], dv [H, S, D]}
///
/// Handy: matmul multiplies head by head, transpose_last exchanges the last two dimensions.
AttentionGradients attention_backward(Ref3 /*dz*/, Ref3 /*q*/, Ref3 /*k*/, Ref3 /*v*/,
                                      Ref3 /*pattern*/, float /*scale*/) {
    throw Todo("attention_backward");
}

/// One step of AdamW: moves `values`, and the averages with them.
///
/// @param values   [P]
/// @param grads    [P]
/// @param mean     [P], the running average of the gradient; zeros before the first step
/// @param square   [P], the running average of its square
/// @param step     1 for the first step, 2 for the second, ...
/// @param rate     the learning rate
/// @param options  beta1, beta2, epsilon, weight_decay
void adamw_step(std::span<Real> /*values*/, std::span<const Real> /*grads*/,
                std::span<Real> /*mean*/, std::span<Real> /*square*/, Index /*step*/,
                double /*rate*/, const AdamWOptions& /*options*/) {
    throw Todo("adamw_step");
}

/// The learning rate: a straight line up to the peak, and half a cosine down to the floor.
///
/// @param schedule  peak; warm_up and steps, in steps; floor, a share of the peak
/// @param step      0 for the first step
/// @return          peak * warm * (floor + (1 - floor) * cosine): warm grows in equal steps to 1 at
///                  step warm_up - 1 and stays there; cosine falls from 1 at step 0 to 0 at `steps`
///                  and stays there
double learning_rate(const Schedule& /*schedule*/, Index /*step*/) {
    throw Todo("learning_rate");
}

/// One step of training.
///
/// @param parts          parts.learning_rate and parts.adamw_step are to be called through it
/// @param state          values, grads, mean, square [P] each; step: how many have been made
/// @param add_gradients  runs the model on the next batch: adds to state.grads, returns the loss
/// @return               this loss
double train_step(const TrainingParts& /*parts*/, TrainingState& /*state*/,
                  const std::function<double()>& /*add_gradients*/, const Schedule& /*schedule*/,
                  const AdamWOptions& /*options*/) {
    throw Todo("train_step");
}

}  // namespace vitrine::mine
