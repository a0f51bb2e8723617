// AdamW: Adam with decoupled weight decay, and what goes with it: clipping, warm-up and cosine.
// Source: Loshchilov and Hutter 2019, algorithm 2.
#pragma once

#include <span>
#include <vector>

#include "tensor/tensor.h"

namespace vitrine::train {

struct AdamWOptions {
    double beta1 = 0.9, beta2 = 0.95;
    double epsilon = 1e-8;
    double weight_decay = 0.1;  // of the parameters that decay: matrices
};

/// What the optimizer remembers of each parameter.
struct AdamWState {
    std::vector<Real> mean, square;  // running averages of the gradient and of its square
    Index step = 0;

    /// Counts a step of `size` parameters; zeros in front of the first.
    /// @throws ArgumentError  if the steps before were of another number
    void begin_step(std::size_t size);
};

/// One step: parameters in place.
/// @param decays  begins and ends of the ranges that decay, ascending: [b0, e0), [b1, e1), ...
void adamw_step(std::span<Real> values, std::span<const Real> grads, AdamWState& state,
                double learning_rate, const AdamWOptions& options, std::span<const Index> decays);

/// One step of numbers that all decay alike, with averages that are kept elsewhere: [P] each.
/// @param step  counts from 1
/// @throws ArgumentError  if they are not equally many
void adamw_range(std::span<Real> values, std::span<const Real> grads, std::span<Real> mean,
                 std::span<Real> square, Index step, double learning_rate,
                 const AdamWOptions& options);

/// Scales the gradients so that their global norm is at most `most`; 0: leaves them.
/// @return  the norm before
double clip_by_norm(std::span<Real> grads, double most);

/// Linear warm-up to `peak` over the first steps, times a cosine from 1 to `floor` over all steps.
struct Schedule {
    double peak = 3e-4;
    Index warm_up = 0;  // steps
    Index steps = 1;    // of the whole run
    double floor = 0.1;

    double at(Index step) const;
};

}  // namespace vitrine::train
