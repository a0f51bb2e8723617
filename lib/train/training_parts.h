// The parts of training, declared once. Three namespaces implement them, as they do nn/parts.h:
//     vitrine::train     lib/train, on kernels/
//     vitrine::chapters  chapters/10_training, the clear ones, on xtensor
//     vitrine::mine      the learner's file in workspace/
// A gradient has the name of what it belongs to with a d in front: dw is the gradient of the loss
// by w, and has w's shape.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "nn/weights.h"
#include "tensor/tensor.h"
#include "train/adamw.h"

namespace vitrine::train {

/// A target that is none: its position does not count.
inline constexpr int no_target = -1;

struct LinearGradients {
    Tensor2 dx;  // [N, in]
    Tensor2 dw;  // [in, out]
    Tensor1 db;  // [out]
};

struct NormGradients {
    Tensor2 dx;            // [N, C]
    Tensor1 dgain, dbias;  // [C]
};

struct AttentionGradients {
    Tensor3 dq;      // [H, T, D]
    Tensor3 dk, dv;  // [H, S, D]
};

/// What training keeps of a model: all its parameters one after the other, [P] each.
struct TrainingState {
    std::vector<Real> values, grads;
    std::vector<Real> mean, square;  // AdamW's running averages of the gradient and of its square
    Index step = 0;                  // how many have been made
};

/// The table of parts a model is trained with.
struct TrainingParts {
    /// What should come next: each token's target is the one behind it, the last has none.
    /// ids [T] -> [T].
    std::function<std::vector<int>(std::span<const int> ids)> next_token_targets;

    /// Mean over the targets that count of -log softmax(logits)[target].
    /// logits [N, V], targets [N].
    std::function<double(Ref2 logits, std::span<const int> targets)> cross_entropy;

    /// The gradient of cross_entropy by the logits: [N, V].
    std::function<Tensor2(Ref2 logits, std::span<const int> targets)> cross_entropy_backward;

    /// Of y = x w + b.  dy [N, out], x [N, in], w [in, out].
    std::function<LinearGradients(Ref2 dy, Ref2 x, Ref2 w)> linear_backward;

    /// Of y = (x - mean) / deviation * gain + bias, row by row.  dy [N, C], x [N, C].
    std::function<NormGradients(Ref2 dy, Ref2 x, const NormWeights& weights)> layer_norm_backward;

    /// Of z = pattern v with pattern = softmax(scale q k^T + mask).
    /// dz [H, T, D], q [H, T, D], k, v [H, S, D], pattern [H, T, S].
    std::function<AttentionGradients(Ref3 dz, Ref3 q, Ref3 k, Ref3 v, Ref3 pattern, float scale)>
        attention_backward;

    /// Moves `values` by one step of AdamW, and the averages with them: [P] each.
    /// `step` counts from 1.
    std::function<void(std::span<Real> values, std::span<const Real> grads, std::span<Real> mean,
                       std::span<Real> square, Index step, double rate,
                       const AdamWOptions& options)>
        adamw_step;

    /// How far a step goes: linear warm-up, then a cosine down to the floor.  `step` counts from 0.
    std::function<double(const Schedule& schedule, Index step)> learning_rate;

    /// One step of training. `add_gradients` adds the gradients of the next batch to state.grads
    /// and returns its loss, which is returned.
    std::function<double(const TrainingParts& parts, TrainingState& state,
                         const std::function<double()>& add_gradients, const Schedule& schedule,
                         const AdamWOptions& options)>
        train_step;
};

/// The fast implementation of every part.
const TrainingParts& fast_training_parts();

}  // namespace vitrine::train
