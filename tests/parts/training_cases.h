// The test list of the parts of training: the fast and the clear implementation both run it.
#pragma once

#include <cmath>
#include <numbers>

#include "golden.h"
#include "train/training_parts.h"

namespace vitrine::test {

inline TensorFile training_golden(const std::string& name) {
    return TensorFile::open(fixture("parts/" + name + ".safetensors"));
}

/// Largest difference, in parts of the largest number of the golden tensor.
template <std::size_t N>
double relative_difference(const Tensor<N>& got, const Tensor<N>& expected) {
    double largest = 0;
    for (const Real value : expected) largest = std::max(largest, std::abs(double(value)));
    return largest_difference(got, expected) / largest;
}

inline constexpr double gradient_bound = 1e-5;  // float32 sums of at most a hundred products

inline void loss_cases(const train::TrainingParts& parts) {
    const std::vector<int> ids{5, 7, 9, 2}, one{4};
    CHECK(parts.next_token_targets(ids) == std::vector<int>{7, 9, 2, train::no_target});
    CHECK(parts.next_token_targets(one) == std::vector<int>{train::no_target});
    CHECK(parts.next_token_targets({}).empty());

    const TensorFile file = training_golden("cross_entropy");
    const auto wide = file.at("targets").integers();
    const std::vector<int> targets(wide.begin(), wide.end());
    const Tensor2 logits = golden<2>(file, "logits");
    const Real cotangent = file.at("cotangent").floats()[0];
    CHECK(parts.cross_entropy(logits, targets) ==
          doctest::Approx(double(file.at("output").floats()[0])).epsilon(1e-5));
    const Tensor2 gradient = parts.cross_entropy_backward(logits, targets);
    CHECK(relative_difference(Tensor2(gradient * cotangent), golden<2>(file, "grad.logits")) <
          gradient_bound);

    // Two classes, logits 0 and ln 3: probabilities 1/4 and 3/4. The second row does not count.
    const Tensor2 two{{0, std::log(3.0F)}, {5, 5}};
    const std::vector<int> first{0, train::no_target}, none{-1, -1}, beyond{2, 0};
    CHECK(parts.cross_entropy(two, first) == doctest::Approx(std::log(4.0)));
    CHECK(largest_difference(parts.cross_entropy_backward(two, first),
                             Tensor2{{-0.75F, 0.75F}, {0, 0}}) < 1e-6);
    // Without a target there is nothing to learn.
    CHECK(parts.cross_entropy(two, none) == 0);
    CHECK(largest_difference(parts.cross_entropy_backward(two, none), Tensor2{{0, 0}, {0, 0}}) ==
          0);
    // No logit is too large.
    const std::vector<int> zero{0};
    CHECK(parts.cross_entropy(Tensor2{{1000, 1000}}, zero) == doctest::Approx(std::log(2.0)));
    CHECK_THROWS_AS(parts.cross_entropy(two, beyond), ArgumentError);
    CHECK_THROWS_AS(parts.cross_entropy_backward(two, zero), ShapeError);
}

inline void backward_cases(const train::TrainingParts& parts) {
    {
        const TensorFile file = training_golden("linear");
        const Tensor2 x = golden<2>(file, "x"), dy = golden<2>(file, "cotangent");
        const Tensor2 w = golden<2>(file, "weight");
        const train::LinearGradients got = parts.linear_backward(dy, x, w);
        CHECK(relative_difference(got.dx, golden<2>(file, "grad.x")) < gradient_bound);
        CHECK(relative_difference(got.dw, golden<2>(file, "grad.weight")) < gradient_bound);
        CHECK(relative_difference(got.db, golden<1>(file, "grad.bias")) < gradient_bound);
        // Views whose rows are not dense: the same numbers.
        const Tensor2 turned_x = xt::transpose(x), turned_w = xt::transpose(w);
        const train::LinearGradients of_views =
            parts.linear_backward(dy, transpose_last(turned_x), transpose_last(turned_w));
        CHECK(relative_difference(of_views.dx, got.dx) < 1e-6);
        CHECK(relative_difference(of_views.dw, got.dw) < 1e-6);
        CHECK_THROWS_AS(parts.linear_backward(x, x, w), ShapeError);
    }
    for (const char* name : {"layer_norm", "layer_norm_tiny_variance"}) {
        INFO(name);
        const TensorFile file = training_golden(name);
        const NormWeights weights{golden<1>(file, "weight"), golden<1>(file, "bias")};
        const train::NormGradients got =
            parts.layer_norm_backward(golden<2>(file, "cotangent"), golden<2>(file, "x"), weights);
        // Numbers around 1 that differ by 1e-3: rounding them to float32 moves the normed by 1e-4.
        const double bound = std::string(name) == "layer_norm" ? gradient_bound : 4e-4;
        CHECK(relative_difference(got.dx, golden<2>(file, "grad.x")) < bound);
        CHECK(relative_difference(got.dgain, golden<1>(file, "grad.weight")) < bound);
        CHECK(relative_difference(got.dbias, golden<1>(file, "grad.bias")) < gradient_bound);
        CHECK_THROWS_AS(parts.layer_norm_backward(Tensor2{{1, 2}}, Tensor2{{1, 2}}, weights),
                        ShapeError);
    }
    for (const char* name : {"attention_causal", "attention_cross"}) {
        INFO(name);
        const TensorFile file = training_golden(name);
        const Tensor3 q = golden<3>(file, "q"), k = golden<3>(file, "k"), v = golden<3>(file, "v");
        const Tensor3 pattern = golden<3>(file, "pattern"), dz = golden<3>(file, "cotangent");
        const auto scale = static_cast<float>(1 / std::sqrt(double(q.shape()[2])));
        const train::AttentionGradients got = parts.attention_backward(dz, q, k, v, pattern, scale);
        CHECK(relative_difference(got.dq, golden<3>(file, "grad.q")) < gradient_bound);
        CHECK(relative_difference(got.dk, golden<3>(file, "grad.k")) < gradient_bound);
        CHECK(relative_difference(got.dv, golden<3>(file, "grad.v")) < gradient_bound);
        CHECK_THROWS_AS(parts.attention_backward(dz, q, k, v, k, scale), ShapeError);
    }
}

inline void optimizer_cases(const train::TrainingParts& parts) {
    const TensorFile file = training_golden("adamw_lr_0_01_decay_0_1");
    Tensor2 values = golden<2>(file, "start");
    Tensor2 mean = xt::zeros_like(values), square = mean;
    const auto numbers = [](Tensor2& tensor) { return std::span(tensor.data(), tensor.size()); };
    const train::AdamWOptions torch{0.9, 0.999, 1e-8, 0.1};
    for (Index step = 0; step < 4; ++step) {
        Tensor2 grad = golden<2>(file, "grad_" + std::to_string(step));
        parts.adamw_step(numbers(values), numbers(grad), numbers(mean), numbers(square), step + 1,
                         0.01, torch);
        CHECK(largest_difference(values, golden<2>(file, "after_" + std::to_string(step))) < 1e-6);
    }
    std::vector<Real> three(3), four(4);
    CHECK_THROWS_AS(parts.adamw_step(three, four, three, three, 1, 0.1, torch), ArgumentError);

    // Peak 1, 4 steps of warm-up, 100 in all, down to a tenth: by hand.
    const train::Schedule schedule{1.0, 4, 100, 0.1};
    const auto cosine = [](double done) { return (1 + std::cos(std::numbers::pi * done)) / 2; };
    CHECK(parts.learning_rate(schedule, 0) == doctest::Approx(0.25));
    CHECK(parts.learning_rate(schedule, 3) == doctest::Approx(0.1 + 0.9 * cosine(0.03)));
    CHECK(parts.learning_rate(schedule, 50) == doctest::Approx(0.55));
    CHECK(parts.learning_rate(schedule, 100) == doctest::Approx(0.1));
    CHECK(parts.learning_rate(schedule, 1000) == doctest::Approx(0.1));
    CHECK(parts.learning_rate({2.0, 0, 10, 0.0}, 0) == doctest::Approx(2.0));
}

/// Half the square of the distance to 3: the gradient is the distance. AdamW's first step is the
/// learning rate in the gradient's direction, and so is every step while the gradient stays.
inline void train_step_cases(const train::TrainingParts& parts) {
    train::TrainingState state{{1}, {100}, {0}, {0}, 0};
    const train::Schedule schedule{0.1, 0, 1, 1.0};
    const train::AdamWOptions plain{0.9, 0.95, 1e-8, 0.0};
    const auto add_gradients = [&state] {
        state.grads[0] += 7;
        return 5.0;
    };
    for (int step = 1; step <= 3; ++step) {
        CHECK(parts.train_step(parts, state, add_gradients, schedule, plain) == 5.0);
        CHECK(double(state.values[0]) == doctest::Approx(1 - 0.1 * step).epsilon(1e-6));
        CHECK(double(state.grads[0]) == 7);
        CHECK(state.step == step);
    }
    // The parts of the table are called: a rate of 0 moves nothing.
    train::TrainingParts still = parts;
    still.learning_rate = [](const train::Schedule&, Index) { return 0.0; };
    const Real before = state.values[0];
    still.train_step(still, state, add_gradients, schedule, plain);
    CHECK(state.values[0] == before);
}

inline void training_cases(const train::TrainingParts& parts) {
    loss_cases(parts);
    backward_cases(parts);
    optimizer_cases(parts);
    train_step_cases(parts);
}

}  // namespace vitrine::test
