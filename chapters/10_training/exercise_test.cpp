// The cases of chapter 10. Golden tensors: torch in float64 (tests/fixtures/README.md); the others
// are worked out beside them.
#include "chapters/10_training/exercise_test.h"

#include <cmath>

#include "chapters/runner/case_tools.h"
#include "train/training_parts.h"

namespace vitrine::runner {

namespace {

using namespace train;
using Ids = std::vector<int>;
using Numbers = std::vector<Real>;

Values one_number(double value) {
    return {{1}, {value}};
}

Values list(const std::vector<Real>& numbers) {
    return {{static_cast<Index>(numbers.size())}, {numbers.begin(), numbers.end()}};
}

Case target_case(const char* id, const Ids& ids, Values expected) {
    const auto run = [=](const Functions& functions) {
        const Ids targets = functions.get<Ids(std::span<const int>)>("next_token_targets")(ids);
        return Values({static_cast<Index>(targets.size())}, {targets.begin(), targets.end()});
    };
    return {"next_token_targets", id, run, std::move(expected), 1e-3};
}

Case loss_case(const char* id, const Tensor2& logits, const Ids& targets, double expected) {
    const auto run = [=](const Functions& functions) {
        return one_number(
            functions.get<double(Ref2, std::span<const int>)>("cross_entropy")(logits, targets));
    };
    return {"cross_entropy", id, run, one_number(expected), 1e-5};
}

Case loss_gradient_case(const char* id, const Tensor2& logits, const Ids& targets,
                        Values expected) {
    const auto run = [=](const Functions& functions) {
        return Values(functions.get<Tensor2(Ref2, std::span<const int>)>("cross_entropy_backward")(
            logits, targets));
    };
    return {"cross_entropy_backward", id, run, std::move(expected), 1e-6};
}

/// One of the gradients that a backward function gives.
template <class Gradients, std::size_t N>
using Part = Tensor<N> Gradients::*;

template <std::size_t N>
Case linear_case(const char* id, const Tensor2& dy, const Tensor2& x, const Tensor2& w,
                 Part<LinearGradients, N> part, Values expected, double bound = 1e-5) {
    const auto run = [=](const Functions& functions) {
        using F = LinearGradients(Ref2, Ref2, Ref2);
        return Values(functions.get<F>("linear_backward")(dy, x, w).*part);
    };
    return {"linear_backward", id, run, std::move(expected), bound};
}

template <std::size_t N>
Case norm_case(const char* id, const Tensor2& dy, const Tensor2& x, const NormWeights& weights,
               Part<NormGradients, N> part, Values expected, double bound = 1e-5) {
    const auto run = [=](const Functions& functions) {
        using F = NormGradients(Ref2, Ref2, const NormWeights&);
        return Values(functions.get<F>("layer_norm_backward")(dy, x, weights).*part);
    };
    return {"layer_norm_backward", id, run, std::move(expected), bound};
}

struct AttentionInput {
    Tensor3 dz, q, k, v, pattern;
    float scale;
};

Case attention_case(const char* id, const AttentionInput& in, Part<AttentionGradients, 3> part,
                    Values expected) {
    const auto run = [=](const Functions& functions) {
        using F = AttentionGradients(Ref3, Ref3, Ref3, Ref3, Ref3, float);
        return Values(
            functions.get<F>("attention_backward")(in.dz, in.q, in.k, in.v, in.pattern, in.scale).*
            part);
    };
    return {"attention_backward", id, run, std::move(expected), 1e-5};
}

/// Several steps of AdamW; what becomes of the values, or of one of the averages.
Case adamw_case(const char* id, const Numbers& start, const std::vector<Numbers>& grads,
                double rate, const AdamWOptions& options, Values expected,
                std::vector<Real> TrainingState::*result = &TrainingState::values) {
    const auto run = [=](const Functions& functions) {
        using F = void(std::span<Real>, std::span<const Real>, std::span<Real>, std::span<Real>,
                       Index, double, const AdamWOptions&);
        TrainingState state{start, {}, Numbers(start.size()), Numbers(start.size()), 0};
        for (const Numbers& grad : grads) {
            functions.get<F>("adamw_step")(state.values, grad, state.mean, state.square,
                                           ++state.step, rate, options);
        }
        return list(state.*result);
    };
    return {"adamw_step", id, run, std::move(expected), 1e-6};
}

Case rate_case(const char* id, const Schedule& schedule, Index step, double expected) {
    const auto run = [=](const Functions& functions) {
        using F = double(const Schedule&, Index);
        return one_number(functions.get<F>("learning_rate")(schedule, step));
    };
    return {"learning_rate", id, run, one_number(expected), 1e-6};
}

/// Values and step after three steps on batches whose gradients are 1, 2 and 4: with parts that
/// make a step of plain gradient descent of it, at a rate of 1, 1/2 and 1/3.
Case step_case(const char* id, bool of_loss, Values expected) {
    const auto run = [of_loss](const Functions& functions) {
        using F = double(const TrainingParts&, TrainingState&, const std::function<double()>&,
                         const Schedule&, const AdamWOptions&);
        TrainingParts parts = fast_training_parts();
        parts.learning_rate = [](const Schedule&, Index step) {
            return 1 / static_cast<double>(step + 1);
        };
        parts.adamw_step = [](std::span<Real> values, std::span<const Real> grads, std::span<Real>,
                              std::span<Real>, Index step, double rate, const AdamWOptions&) {
            values[0] -= static_cast<Real>(rate) * grads[0];
            values[1] = static_cast<Real>(step);
        };
        TrainingState state{{10, 0}, {3, 3}, {0, 0}, {0, 0}, 0};
        Numbers seen;
        for (const Real gradient : {Real(1), Real(2), Real(4)}) {
            const auto add_gradients = [&] {
                state.grads[0] += gradient;
                return static_cast<double>(10 * gradient);
            };
            const double loss = functions.get<F>("train_step")(parts, state, add_gradients, {}, {});
            seen.push_back(of_loss ? static_cast<Real>(loss) : state.values[0]);
        }
        if (!of_loss) seen.push_back(state.values[1]);
        return list(seen);
    };
    return {"train_step", id, run, std::move(expected), 1e-5};
}

void add_loss(std::vector<Case>& cases, const std::filesystem::path& golden) {
    cases.push_back(target_case("shifted", {5, 7, 9, 2}, Values({4}, {7, 9, 2, -1})));
    cases.push_back(target_case("alone", {4}, Values({1}, {-1})));
    const Tensor2 quarter = filled<2>({1, 2}, {0, std::log(3.0F)});  // probabilities 1/4, 3/4
    const Tensor2 two = filled<2>({2, 2}, {0, std::log(3.0F), std::log(3.0F), 0});
    cases.push_back(loss_case("loss_by_hand", quarter, {0}, std::log(4.0)));
    // -ln 1/4 and -ln 3/4: the mean.
    cases.push_back(loss_case("two_tokens", two, {0, 0}, (std::log(4.0) + std::log(4.0 / 3)) / 2));
    cases.push_back(loss_case("without_target", two, {-1, 0}, std::log(4.0 / 3)));
    cases.push_back(loss_case("large_logits", filled<2>({1, 2}, {1000, 1000}), {1}, std::log(2.0)));
    const TensorFile file = TensorFile::open(golden / "cross_entropy.safetensors");
    const auto wide = file.at("targets").integers();
    const Ids targets(wide.begin(), wide.end());
    const Tensor2 logits = tensor_of<2>(file.at("logits"));
    cases.push_back(loss_case("loss_golden", logits, targets,
                              static_cast<double>(file.at("output").floats()[0])));
    cases.push_back(
        loss_gradient_case("gradient_by_hand", quarter, {0}, Values({1, 2}, {-0.75, 0.75})));
    cases.push_back(loss_gradient_case("gradient_of_two", two, {0, 0},
                                       Values({2, 2}, {-0.375, 0.375, -0.125, 0.125})));
    cases.push_back(loss_gradient_case("gradient_without_target", two, {-1, 0},
                                       Values({2, 2}, {0, 0, -0.25, 0.25})));
    // The file has the gradient of `cotangent` times the loss.
    Values gradient(file.at("grad.logits"));
    for (double& value : gradient.values)
        value /= static_cast<double>(file.at("cotangent").floats()[0]);
    cases.push_back(loss_gradient_case("gradient_golden", logits, targets, std::move(gradient)));
}

void add_linear(std::vector<Case>& cases, const std::filesystem::path& golden) {
    const Tensor2 x = filled<2>({2, 2}, {1, 2, 3, 4}), dy = filled<2>({2, 1}, {10, 1});
    const Tensor2 w = filled<2>({2, 1}, {5, 6});
    cases.push_back(
        linear_case("dx_by_hand", dy, x, w, &LinearGradients::dx, Values({2, 2}, {50, 60, 5, 6})));
    // 10 * (1, 2) + 1 * (3, 4)
    cases.push_back(
        linear_case("dw_by_hand", dy, x, w, &LinearGradients::dw, Values({2, 1}, {13, 24})));
    cases.push_back(linear_case("db_by_hand", dy, x, w, &LinearGradients::db, Values({1}, {11})));
    const TensorFile file = TensorFile::open(golden / "linear.safetensors");
    const auto with = [&](const char* id, auto part, const char* name) {
        cases.push_back(linear_case(id, tensor_of<2>(file.at("cotangent")),
                                    tensor_of<2>(file.at("x")), tensor_of<2>(file.at("weight")),
                                    part, Values(file.at(name)), 3e-5));
    };
    with("dx_golden", &LinearGradients::dx, "grad.x");
    with("dw_golden", &LinearGradients::dw, "grad.weight");
    with("db_golden", &LinearGradients::db, "grad.bias");
}

void add_norm(std::vector<Case>& cases, const std::filesystem::path& golden) {
    // (1, 3, 5, 7): mean 4, variance 5, normed (-3, -1, 1, 3) / sqrt 5. With dy = (1, 0, 0, 0) and
    // a gain of 1 the mean of g is 1/4, that of g * normed -3 / (4 sqrt 5):
    // (1 - .25 - .45, -.25 - .15, -.25 + .15, -.25 + .45) / sqrt 5.
    const Tensor2 x = filled<2>({1, 4}, {1, 3, 5, 7}), dy = filled<2>({1, 4}, {1, 0, 0, 0});
    const double root = std::sqrt(5.0);
    cases.push_back(norm_case("norm_by_hand", dy, x, {filled<1>({4}, {1, 1, 1, 1}), {}, 0.0F},
                              &NormGradients::dx,
                              Values({1, 4}, {0.3 / root, -0.4 / root, -0.1 / root, 0.2 / root})));
    // Two rows, normed (-1, 1) each: dgain sums dy * normed, dbias sums dy.
    const Tensor2 pairs = filled<2>({2, 2}, {1, 3, 10, 30}), up = filled<2>({2, 2}, {1, 2, 3, 4});
    const NormWeights plain{filled<1>({2}, {1, 1}), {}, 0.0F};
    cases.push_back(
        norm_case("dgain_by_hand", up, pairs, plain, &NormGradients::dgain, Values({2}, {-4, 6})));
    cases.push_back(
        norm_case("dbias_by_hand", up, pairs, plain, &NormGradients::dbias, Values({2}, {4, 6})));
    const TensorFile file = TensorFile::open(golden / "layer_norm.safetensors");
    const NormWeights weights{tensor_of<1>(file.at("weight")), tensor_of<1>(file.at("bias"))};
    const auto with = [&](const char* id, auto part, const char* name) {
        cases.push_back(norm_case(id, tensor_of<2>(file.at("cotangent")),
                                  tensor_of<2>(file.at("x")), weights, part, Values(file.at(name)),
                                  2e-5));
    };
    with("norm_dx_golden", &NormGradients::dx, "grad.x");
    with("dgain_golden", &NormGradients::dgain, "grad.weight");
}

void add_attention(std::vector<Case>& cases, const std::filesystem::path& golden) {
    // One head, one number each, shares of a half: dpattern = dz v = (2, 6), their mean by the
    // shares is 4, dscores = 1/2 (2 - 4, 6 - 4) * scale = (-1/2, 1/2) at a scale of 1/2.
    const Tensor3 keys = filled<3>({1, 2, 1}, {10, 20});
    const AttentionInput in{filled<3>({1, 2, 1}, {1, 0}),
                            filled<3>({1, 2, 1}, {3, 4}),
                            keys,
                            filled<3>({1, 2, 1}, {2, 6}),
                            filled<3>({1, 2, 2}, {0.5, 0.5, 0.5, 0.5}),
                            0.5F};
    cases.push_back(
        attention_case("dq_by_hand", in, &AttentionGradients::dq, Values({1, 2, 1}, {-5 + 10, 0})));
    cases.push_back(
        attention_case("dk_by_hand", in, &AttentionGradients::dk, Values({1, 2, 1}, {-1.5, 1.5})));
    cases.push_back(
        attention_case("dv_by_hand", in, &AttentionGradients::dv, Values({1, 2, 1}, {0.5, 0.5})));
    const TensorFile file = TensorFile::open(golden / "attention_causal.safetensors");
    const auto stored = [&](const char* name) { return tensor_of<3>(file.at(name)); };
    const AttentionInput torch{stored("cotangent"), stored("q"),       stored("k"),
                               stored("v"),         stored("pattern"), 1 / std::sqrt(8.0F)};
    const auto with = [&](const char* id, auto part, const char* name) {
        cases.push_back(attention_case(id, torch, part, Values(file.at(name))));
    };
    with("dq_golden", &AttentionGradients::dq, "grad.q");
    with("dk_golden", &AttentionGradients::dk, "grad.k");
    with("dv_golden", &AttentionGradients::dv, "grad.v");
}

void add_optimizer(std::vector<Case>& cases, const std::filesystem::path& golden) {
    const AdamWOptions plain{0.9, 0.999, 1e-8, 0.0}, decays{0.9, 0.999, 1e-8, 0.5};
    // Corrected, the first averages are the gradient and its square: a step of the rate itself.
    cases.push_back(
        adamw_case("first_step", {1, 1}, {{0.5F, -20}}, 0.1, plain, Values({2}, {0.9, 1.1})));
    cases.push_back(adamw_case("decay_alone", {2}, {{0}}, 0.1, decays, Values({1}, {1.9})));
    cases.push_back(
        adamw_case("first_mean", {1}, {{2}}, 0.1, plain, Values({1}, {0.2}), &TrainingState::mean));
    cases.push_back(adamw_case("first_square", {1}, {{2}}, 0.1, plain, Values({1}, {0.004}),
                               &TrainingState::square));
    // 1e-4 over 1e-4 + 1e-8.
    cases.push_back(
        adamw_case("tiny_gradient", {1}, {{1e-4F}}, 0.1, plain, Values({1}, {1 - 0.1 / 1.0001})));
    const TensorFile file = TensorFile::open(golden / "adamw_lr_0_01_decay_0_1.safetensors");
    std::vector<Numbers> grads;
    grads.reserve(4);
    for (int step = 0; step < 4; ++step)
        grads.push_back(file.at("grad_" + std::to_string(step)).floats());
    Values after(file.at("after_3"));
    after.shape = {static_cast<Index>(after.values.size())};
    cases.push_back(adamw_case("four_steps", file.at("start").floats(), grads, 0.01,
                               {0.9, 0.999, 1e-8, 0.1}, std::move(after)));
    const Schedule schedule{1.0, 4, 100, 0.1};
    cases.push_back(rate_case("first_rate", {1.0, 4, 1000000, 0.1}, 0, 0.25));
    cases.push_back(rate_case("warm", {2.0, 4, 1000000, 0.1}, 3, 2.0));
    cases.push_back(rate_case("quarter_way", schedule, 25,
                              0.1 + 0.9 * (1 + std::sqrt(0.5)) / 2));  // cos(pi / 4)
    cases.push_back(rate_case("half_way", schedule, 50, 0.55));
    cases.push_back(rate_case("end", schedule, 100, 0.1));
    cases.push_back(rate_case("beyond", schedule, 150, 0.1));
    // Gradient 1 at a rate of 1, 2 at 1/2, 4 at 1/3.
    cases.push_back(step_case("three_steps", false, Values({4}, {9, 8, 8 - 4.0 / 3, 3})));
    cases.push_back(step_case("losses", true, Values({3}, {10, 20, 40})));
}

}  // namespace

std::vector<Case> training_cases(const std::filesystem::path& golden) {
    std::vector<Case> cases;
    add_loss(cases, golden);
    add_linear(cases, golden);
    add_norm(cases, golden);
    add_attention(cases, golden);
    add_optimizer(cases, golden);
    return cases;
}

}  // namespace vitrine::runner
