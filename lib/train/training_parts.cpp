// The table over the fast functions of backward.h and adamw.h: they write to memory that is given,
// these make it.
#include "train/training_parts.h"

#include <algorithm>
#include <cmath>

#include "tensor/error.h"
#include "tensor/shape.h"
#include "train/backward.h"
#include "train/trainer.h"

namespace vitrine::train {

namespace {

template <std::size_t N>
Tensor<N> like(const Ref<N>& x) {
    return uninitialized<N>(x.shape);
}

/// Rows without gaps inside of them, which the kernels read: the tensor itself, or a copy in
/// `memory`.
template <std::size_t N>
Ref<N> dense_rows(const Ref<N>& x, Tensor<N>& memory) {
    if (x.strides[N - 1] == 1) return x;
    memory = x.copy();
    return memory;
}

void check_targets(Ref2 logits, std::span<const int> targets) {
    if (static_cast<Index>(targets.size()) != logits.shape[0]) {
        throw ShapeError("targets", shape_text(std::vector<Index>{logits.shape[0]}),
                         shape_text(std::vector<Index>{static_cast<Index>(targets.size())}));
    }
}

/// The loss; `logits` become their gradient.
double loss_and_gradient(Tensor2& logits, std::span<const int> targets) {
    const auto [N, V] = shape_of(logits);
    check_targets(logits, targets);
    return cross_entropy_backward(logits.data(), N, V, targets).mean();
}

double mean_cross_entropy(Ref2 logits, std::span<const int> targets) {
    Tensor2 copy = logits.copy();
    return loss_and_gradient(copy, targets);
}

Tensor2 gradient_of_cross_entropy(Ref2 logits, std::span<const int> targets) {
    Tensor2 gradient = logits.copy();
    loss_and_gradient(gradient, targets);
    return gradient;
}

LinearGradients gradients_of_linear(Ref2 dy, Ref2 x, Ref2 w) {
    const auto [in, out] = shape2(w);
    check_shape("dy", dy, {any, out});
    check_shape("x", x, {dy.shape[0], in});
    Tensor2 dy_copy, x_copy;
    const Tensor2 weight = w.copy();
    LinearGradients result{like(x), zeros<2>({in, out}), zeros<1>({out})};
    linear_backward(dense_rows(dy, dy_copy), dense_rows(x, x_copy), weight.data(), false,
                    result.dx.data(), result.dw.data(), result.db.data());
    return result;
}

NormGradients gradients_of_layer_norm(Ref2 dy, Ref2 x, const NormWeights& weights) {
    const Index C = x.shape[1];
    check_shape("dy", dy, x.shape);
    check_shape("gain", weights.gain, {C});
    Tensor2 dy_copy, x_copy;
    NormGradients result{like(x), zeros<1>({C}), zeros<1>({C})};
    layer_norm_backward(dense_rows(dy, dy_copy), dense_rows(x, x_copy), weights, result.dx.data(),
                        result.dgain.data(), result.dbias.data());
    return result;
}

AttentionGradients gradients_of_attention(Ref3 dz, Ref3 q, Ref3 k, Ref3 v, Ref3 pattern,
                                          float scale) {
    const auto [H, T, D] = shape3(q);
    const Index S = k.shape[1];
    check_shape("dz", dz, q.shape);
    check_shape("k", k, {H, S, D});
    check_shape("v", v, {H, S, D});
    check_shape("pattern", pattern, {H, T, S});
    Tensor3 copies[5];
    AttentionGradients result{like(q), like(k), like(v)};
    const auto rows = [width = D](Tensor3& to) {
        return HeadRows{to.data(), static_cast<Index>(to.shape()[1]) * width, width};
    };
    attention_backward(dense_rows(dz, copies[0]), dense_rows(q, copies[1]),
                       dense_rows(k, copies[2]), dense_rows(v, copies[3]),
                       dense_rows(pattern, copies[4]), Real(scale), rows(result.dq),
                       rows(result.dk), rows(result.dv));
    return result;
}

double step_of_training(const TrainingParts& parts, TrainingState& state,
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

TrainingParts make_parts() {
    TrainingParts parts;
    parts.next_token_targets = [](std::span<const int> ids) {
        return next_tokens(ids, static_cast<Index>(ids.size()));
    };
    parts.cross_entropy = mean_cross_entropy;
    parts.cross_entropy_backward = gradient_of_cross_entropy;
    parts.linear_backward = gradients_of_linear;
    parts.layer_norm_backward = gradients_of_layer_norm;
    parts.attention_backward = gradients_of_attention;
    parts.adamw_step = adamw_range;
    parts.learning_rate = [](const Schedule& schedule, Index step) { return schedule.at(step); };
    parts.train_step = step_of_training;
    return parts;
}

}  // namespace

const TrainingParts& fast_training_parts() {
    static const TrainingParts parts = make_parts();
    return parts;
}

}  // namespace vitrine::train
