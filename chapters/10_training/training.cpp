// Loss, backward passes and the optimizer, each beside its formula.
// The clear version. lib/train has the fast one.
#include "training.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "kernels/matmul.h"
#include "tensor/shape.h"

namespace vitrine::chapters {

namespace {

/// Logarithms of softmax(logits), row by row: [N, V]. The largest logit is taken off first, so that
/// no exponential overflows.
Tensor2 log_softmax(Ref2 logits) {
    const Tensor2 largest = xt::amax(logits.xt(), {1}, xt::keep_dims);               // [N, 1]
    const Tensor2 shifted = logits.xt() - largest;                                   // [N, V]
    const Tensor2 log_sum = xt::log(xt::sum(xt::exp(shifted), {1}, xt::keep_dims));  // [N, 1]
    return shifted - log_sum;
}

Index count_targets(Ref2 logits, std::span<const int> targets) {
    check_shape("targets", std::vector<Index>{static_cast<Index>(targets.size())},
                std::vector<Index>{logits.shape[0]});
    Index count = 0;
    for (const int target : targets) {
        if (target >= logits.shape[1]) {
            throw ArgumentError("target", "an id below " + std::to_string(logits.shape[1]),
                                std::to_string(target));
        }
        if (target >= 0) ++count;
    }
    return count;
}

}  // namespace

std::vector<int> next_token_targets(std::span<const int> ids) {
    // [marker:targets]
    std::vector<int> targets(ids.size(), train::no_target);
    for (std::size_t t = 0; t + 1 < ids.size(); ++t) targets[t] = ids[t + 1];
    return targets;
    // [/marker]
}

double cross_entropy(Ref2 logits, std::span<const int> targets) {
    const Index count = count_targets(logits, targets);
    // [marker:loss]
    const Tensor2 logs = log_softmax(logits);  // [N, V]
    double sum = 0;
    for (Index n = 0; n < logits.shape[0]; ++n) {
        const int target = targets[static_cast<std::size_t>(n)];
        if (target >= 0) sum -= static_cast<double>(logs(n, target));
    }
    return count == 0 ? 0 : sum / static_cast<double>(count);
    // [/marker]
}

Tensor2 cross_entropy_backward(Ref2 logits, std::span<const int> targets) {
    const auto count = static_cast<Real>(count_targets(logits, targets));
    // [marker:loss_backward]
    Tensor2 dlogits = xt::exp(log_softmax(logits)) / count;  // [N, V]
    for (Index n = 0; n < logits.shape[0]; ++n) {
        const int target = targets[static_cast<std::size_t>(n)];
        if (target >= 0) {
            dlogits(n, target) -= 1 / count;
        } else {
            xt::row(dlogits, n) = xt::zeros<Real>({logits.shape[1]});
        }
    }
    return dlogits;
    // [/marker]
}

LinearGradients linear_backward(Ref2 dy, Ref2 x, Ref2 w) {
    check_shape("dy", dy, {x.shape[0], w.shape[1]});
    check_shape("x", x, {any, w.shape[0]});
    // [marker:linear]
    Tensor2 dx = matmul(dy, transpose_last(w));  // [N, out] [out, in] -> [N, in]
    Tensor2 dw = matmul(transpose_last(x), dy);  // [in, N] [N, out] -> [in, out]
    Tensor1 db = xt::sum(dy.xt(), {0});          // [out]
    // [/marker]
    return {std::move(dx), std::move(dw), std::move(db)};
}

NormGradients layer_norm_backward(Ref2 dy, Ref2 x, const NormWeights& weights) {
    check_shape("dy", dy, x.shape);
    check_shape("gain", weights.gain, {x.shape[1]});
    // [marker:norm_again]
    const Tensor2 mean = xt::mean(x.xt(), {1}, xt::keep_dims);                 // [N, 1]
    const Tensor2 centred = x.xt() - mean;                                     // [N, C]
    const Tensor2 variance = xt::mean(centred * centred, {1}, xt::keep_dims);  // [N, 1]
    const Tensor2 deviation = xt::sqrt(variance + weights.epsilon);            // [N, 1]
    const Tensor2 normed = centred / deviation;                                // [N, C]
    // [/marker]
    // [marker:norm]
    const Tensor2 g = dy.xt() * weights.gain;                              // [N, C]
    const Tensor2 of_mean = xt::mean(g, {1}, xt::keep_dims);               // [N, 1]
    const Tensor2 of_variance = xt::mean(g * normed, {1}, xt::keep_dims);  // [N, 1]
    Tensor2 dx = (g - of_mean - normed * of_variance) / deviation;         // [N, C]
    Tensor1 dgain = xt::sum(dy.xt() * normed, {0});                        // [C]
    Tensor1 dbias = xt::sum(dy.xt(), {0});                                 // [C]
    // [/marker]
    return {std::move(dx), std::move(dgain), std::move(dbias)};
}

AttentionGradients attention_backward(Ref3 dz, Ref3 q, Ref3 k, Ref3 v, Ref3 pattern, float scale) {
    const auto [H, T, D] = shape3(q);
    const Index S = k.shape[1];
    check_shape("dz", dz, q.shape);
    check_shape("k", k, {H, S, D});
    check_shape("v", v, {H, S, D});
    check_shape("pattern", pattern, {H, T, S});
    // [marker:attention]
    Tensor3 dv = matmul(transpose_last(pattern), dz);        // [H, S, T] [H, T, D] -> [H, S, D]
    const Tensor3 dpattern = matmul(dz, transpose_last(v));  // [H, T, D] [H, D, S] -> [H, T, S]
    const Tensor3 shared = xt::sum(dpattern * pattern.xt(), {2}, xt::keep_dims);  // [H, T, 1]
    const Tensor3 dscores = pattern.xt() * (dpattern - shared) * scale;           // [H, T, S]
    Tensor3 dq = matmul(dscores, k);                                              // [H, T, D]
    Tensor3 dk = matmul(transpose_last(dscores), q);                              // [H, S, D]
    // [/marker]
    return {std::move(dq), std::move(dk), std::move(dv)};
}

void adamw_step(std::span<Real> values, std::span<const Real> grads, std::span<Real> mean,
                std::span<Real> square, Index step, double rate, const AdamWOptions& options) {
    for (const std::size_t other : {grads.size(), mean.size(), square.size()}) {
        if (other == values.size()) continue;
        throw ArgumentError("gradients and averages", std::to_string(values.size()) + " parameters",
                            std::to_string(other));
    }
    // [marker:adamw]
    const auto b1 = options.beta1, b2 = options.beta2, t = static_cast<double>(step);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto g = static_cast<double>(grads[i]), value = static_cast<double>(values[i]);
        const double m = b1 * static_cast<double>(mean[i]) + (1 - b1) * g;
        const double v = b2 * static_cast<double>(square[i]) + (1 - b2) * g * g;
        const double m_hat = m / (1 - std::pow(b1, t)), v_hat = v / (1 - std::pow(b2, t));
        const double direction = m_hat / (std::sqrt(v_hat) + options.epsilon);
        values[i] = static_cast<Real>(value - rate * (direction + options.weight_decay * value));
        mean[i] = static_cast<Real>(m);
        square[i] = static_cast<Real>(v);
    }
    // [/marker]
}

double learning_rate(const Schedule& schedule, Index step) {
    // [marker:schedule]
    const auto s = static_cast<double>(step), all = static_cast<double>(schedule.steps);
    const auto warm_up = static_cast<double>(schedule.warm_up);
    const double warm = step < schedule.warm_up ? (s + 1) / warm_up : 1.0;
    const double cosine = (1 + std::cos(std::numbers::pi * std::min(1.0, s / all))) / 2;
    return schedule.peak * warm * (schedule.floor + (1 - schedule.floor) * cosine);
    // [/marker]
}

double train_step(const TrainingParts& parts, TrainingState& state,
                  const std::function<double()>& add_gradients, const Schedule& schedule,
                  const AdamWOptions& options) {
    // [marker:step]
    std::fill(state.grads.begin(), state.grads.end(), Real{0});
    const double loss = add_gradients();
    const double rate = parts.learning_rate(schedule, state.step);
    ++state.step;
    parts.adamw_step(state.values, state.grads, state.mean, state.square, state.step, rate,
                     options);
    return loss;
    // [/marker]
}

const TrainingParts& training_parts() {
    static const TrainingParts parts{
        next_token_targets, cross_entropy,       cross_entropy_backward,
        linear_backward,    layer_norm_backward, attention_backward,
        adamw_step,         learning_rate,       train_step};
    return parts;
}

}  // namespace vitrine::chapters
