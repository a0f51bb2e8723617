// Chapter 10, written number by number where that is as short.
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

std::vector<int> next_token_targets(std::span<const int> ids) {
    std::vector<int> targets(ids.size(), -1);
    for (std::size_t t = 0; t + 1 < ids.size(); ++t) targets[t] = ids[t + 1];
    return targets;
}

/// The largest logit of a row, and the sum of exp(logit - largest).
struct RowSum {
    Real largest, sum;
};
inline RowSum row_sum(Ref1 row) {
    RowSum result{row(0), 0};
    for (Index i = 0; i < row.shape[0]; ++i) result.largest = std::max(result.largest, row(i));
    for (Index i = 0; i < row.shape[0]; ++i) result.sum += std::exp(row(i) - result.largest);
    return result;
}

inline Index count_of(std::span<const int> targets) {
    return std::count_if(targets.begin(), targets.end(), [](int target) { return target >= 0; });
}

double cross_entropy(Ref2 logits, std::span<const int> targets) {
    double sum = 0;
    for (Index n = 0; n < logits.shape[0]; ++n) {
        const int target = targets[static_cast<std::size_t>(n)];
        if (target < 0) continue;
        const RowSum row = row_sum(logits[n]);
        sum += static_cast<double>(std::log(row.sum) - (logits(n, target) - row.largest));
    }
    return sum / static_cast<double>(std::max<Index>(1, count_of(targets)));
}

Tensor2 cross_entropy_backward(Ref2 logits, std::span<const int> targets) {
    const auto [N, V] = shape2(logits);
    const auto count = static_cast<Real>(count_of(targets));
    Tensor2 result = zeros<2>({N, V});
    for (Index n = 0; n < N; ++n) {
        const int target = targets[static_cast<std::size_t>(n)];
        if (target < 0) continue;
        const RowSum row = row_sum(logits[n]);
        for (Index i = 0; i < V; ++i) {
            const Real probability = std::exp(logits(n, i) - row.largest) / row.sum;
            result(n, i) = (probability - (i == target ? 1 : 0)) / count;
        }
    }
    return result;
}

LinearGradients linear_backward(Ref2 dy, Ref2 x, Ref2 w) {
    return {matmul(dy, transpose_last(w)), matmul(transpose_last(x), dy), xt::sum(dy.xt(), {0})};
}

NormGradients layer_norm_backward(Ref2 dy, Ref2 x, const NormWeights& weights) {
    const auto [N, C] = shape2(x);
    const auto width = static_cast<Real>(C);
    NormGradients result{zeros<2>({N, C}), zeros<1>({C}), zeros<1>({C})};
    for (Index n = 0; n < N; ++n) {
        Real mean = 0, variance = 0, of_mean = 0, of_variance = 0;
        for (Index c = 0; c < C; ++c) mean += x(n, c) / width;
        for (Index c = 0; c < C; ++c) variance += (x(n, c) - mean) * (x(n, c) - mean) / width;
        const Real deviation = std::sqrt(variance + weights.epsilon);
        for (Index c = 0; c < C; ++c) {
            const Real normed = (x(n, c) - mean) / deviation, g = dy(n, c) * weights.gain(c);
            of_mean += g / width;
            of_variance += g * normed / width;
            result.dgain(c) += dy(n, c) * normed;
            result.dbias(c) += dy(n, c);
        }
        for (Index c = 0; c < C; ++c) {
            const Real normed = (x(n, c) - mean) / deviation, g = dy(n, c) * weights.gain(c);
            result.dx(n, c) = (g - of_mean - normed * of_variance) / deviation;
        }
    }
    return result;
}

AttentionGradients attention_backward(Ref3 dz, Ref3 q, Ref3 k, Ref3 v, Ref3 pattern, float scale) {
    const Tensor3 dpattern = matmul(dz, transpose_last(v));
    const Tensor3 shared = xt::sum(dpattern * pattern.xt(), {2}, xt::keep_dims);
    const Tensor3 dscores = pattern.xt() * (dpattern - shared) * scale;
    return {matmul(dscores, k), matmul(transpose_last(dscores), q),
            matmul(transpose_last(pattern), dz)};
}

void adamw_step(std::span<Real> values, std::span<const Real> grads, std::span<Real> mean,
                std::span<Real> square, Index step, double rate, const AdamWOptions& options) {
    const auto b1 = static_cast<Real>(options.beta1), b2 = static_cast<Real>(options.beta2);
    const auto correction1 = static_cast<Real>(1 - std::pow(options.beta1, step));
    const auto correction2 = static_cast<Real>(1 - std::pow(options.beta2, step));
    for (std::size_t i = 0; i < values.size(); ++i) {
        mean[i] = b1 * mean[i] + (1 - b1) * grads[i];
        square[i] = b2 * square[i] + (1 - b2) * grads[i] * grads[i];
        const Real m_hat = mean[i] / correction1, v_hat = square[i] / correction2;
        const Real direction = m_hat / (std::sqrt(v_hat) + Real(options.epsilon));
        values[i] -= Real(rate) * (direction + Real(options.weight_decay) * values[i]);
    }
}

double learning_rate(const Schedule& schedule, Index step) {
    const double warm = step < schedule.warm_up ? double(step + 1) / double(schedule.warm_up) : 1.0;
    const double done = std::min(1.0, double(step) / double(schedule.steps));
    const double cosine = (1 + std::cos(std::numbers::pi * done)) / 2;
    return schedule.peak * warm * (schedule.floor + (1 - schedule.floor) * cosine);
}

double train_step(const TrainingParts& parts, TrainingState& state,
                  const std::function<double()>& add_gradients, const Schedule& schedule,
                  const AdamWOptions& options) {
    std::fill(state.grads.begin(), state.grads.end(), Real{0});
    const double loss = add_gradients();
    const double rate = parts.learning_rate(schedule, state.step);
    ++state.step;
    parts.adamw_step(state.values, state.grads, state.mean, state.square, state.step, rate,
                     options);
    return loss;
}

}  // namespace vitrine::mine
