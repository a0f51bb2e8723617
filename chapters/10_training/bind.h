#include "chapters/runner/bind.h"

VITRINE_EXERCISE(next_token_targets, std::vector<int>(std::span<const int>))
VITRINE_EXERCISE(cross_entropy, double(Ref2, std::span<const int>))
VITRINE_EXERCISE(cross_entropy_backward, Tensor2(Ref2, std::span<const int>))
VITRINE_EXERCISE(linear_backward, train::LinearGradients(Ref2, Ref2, Ref2))
VITRINE_EXERCISE(layer_norm_backward, train::NormGradients(Ref2, Ref2, const NormWeights&))
VITRINE_EXERCISE(attention_backward, train::AttentionGradients(Ref3, Ref3, Ref3, Ref3, Ref3, float))
VITRINE_EXERCISE(adamw_step, void(std::span<Real>, std::span<const Real>, std::span<Real>,
                                  std::span<Real>, Index, double, const train::AdamWOptions&))
VITRINE_EXERCISE(learning_rate, double(const train::Schedule&, Index))
VITRINE_EXERCISE(train_step, double(const train::TrainingParts&, train::TrainingState&,
                                    const std::function<double()>&, const train::Schedule&,
                                    const train::AdamWOptions&))
