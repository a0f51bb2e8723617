#pragma once

#include "train/training_parts.h"

namespace vitrine::chapters {

using train::AdamWOptions;
using train::AttentionGradients;
using train::LinearGradients;
using train::NormGradients;
using train::Schedule;
using train::TrainingParts;
using train::TrainingState;

// The signatures of lib/train/training_parts.h, which says what goes in and what comes out.

std::vector<int> next_token_targets(std::span<const int> ids);
double cross_entropy(Ref2 logits, std::span<const int> targets);
Tensor2 cross_entropy_backward(Ref2 logits, std::span<const int> targets);
LinearGradients linear_backward(Ref2 dy, Ref2 x, Ref2 w);
NormGradients layer_norm_backward(Ref2 dy, Ref2 x, const NormWeights& weights);
AttentionGradients attention_backward(Ref3 dz, Ref3 q, Ref3 k, Ref3 v, Ref3 pattern, float scale);
void adamw_step(std::span<Real> values, std::span<const Real> grads, std::span<Real> mean,
                std::span<Real> square, Index step, double rate, const AdamWOptions& options);
double learning_rate(const Schedule& schedule, Index step);
double train_step(const TrainingParts& parts, TrainingState& state,
                  const std::function<double()>& add_gradients, const Schedule& schedule,
                  const AdamWOptions& options);

/// The table of these functions.
const TrainingParts& training_parts();

}  // namespace vitrine::chapters
