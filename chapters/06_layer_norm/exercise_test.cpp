// The cases of chapter 06. Golden tensors: torch in float64 (tests/fixtures/README.md); the others
// are worked out beside them.
#include "chapters/06_layer_norm/exercise_test.h"

#include <cmath>

#include "chapters/runner/case_tools.h"
#include "nn/weights.h"

namespace vitrine::runner {

namespace {

using NormFunction = Tensor2(Ref2, const NormWeights&);
using Branch = std::function<Tensor2(Ref2)>;
using Residual = Tensor2(Ref2, const NormWeights&, bool, const Branch&);

Case norm_case(const std::string& exercise, const char* id, const Tensor2& x,
               const NormWeights& weights, Values expected, double bound = 1e-5) {
    const auto run = [=](const Functions& functions) {
        return Values(functions.get<NormFunction>(exercise)(x, weights));
    };
    return {exercise, id, run, std::move(expected), bound};
}

Case golden_case(const std::string& exercise, const char* id, const std::filesystem::path& path,
                 double bound) {
    const TensorFile file = TensorFile::open(path);
    NormWeights weights{tensor_of<1>(file.at("weight")), {}, 1e-6F, Norm::rms};
    if (exercise == "layer_norm") {
        weights = {tensor_of<1>(file.at("weight")), tensor_of<1>(file.at("bias")), 1e-5F};
    }
    return norm_case(exercise, id, tensor_of<2>(file.at("x")), weights, Values(file.at("output")),
                     bound);
}

NormWeights plain(Index C, float epsilon, Norm kind) {
    NormWeights weights{xt::ones<Real>({static_cast<std::size_t>(C)}), {}, epsilon, kind};
    return weights;
}

/// A residual block around a branch that doubles, on (1, 3).
Case residual_case(const char* id, Norm kind, bool post_norm, Values expected) {
    const Tensor2 x = filled<2>({1, 2}, {1, 3});
    const NormWeights weights = plain(2, 0.0F, kind);
    const Branch branch = [](Ref2 in) { return Tensor2(2 * in.xt()); };
    const auto run = [=](const Functions& functions) {
        return Values(functions.get<Residual>("residual_block")(x, weights, post_norm, branch));
    };
    return {"residual_block", id, run, std::move(expected), 1e-5};
}

void add_layer_norm(std::vector<Case>& cases, const std::filesystem::path& golden) {
    // (1, 3, 5, 7): mean 4, variance (9 + 1 + 1 + 9) / 4 = 5.
    const double root = std::sqrt(5.0);
    cases.push_back(norm_case("layer_norm", "by_hand", filled<2>({1, 4}, {1, 3, 5, 7}),
                              plain(4, 0.0F, Norm::layer),
                              Values({1, 4}, {-3 / root, -1 / root, 1 / root, 3 / root})));
    // Gain 2 and bias 10 on (1, 3): mean 2, deviation 1.
    cases.push_back(norm_case("layer_norm", "gain_and_bias", filled<2>({1, 2}, {1, 3}),
                              {filled<1>({2}, {2, 3}), filled<1>({2}, {10, 20}), 0.0F},
                              Values({1, 2}, {8, 23})));
    // Two rows, each normalised on its own: ten times the numbers, the same result.
    cases.push_back(norm_case("layer_norm", "each_row", filled<2>({2, 2}, {1, 3, 10, 30}),
                              plain(2, 0.0F, Norm::layer), Values({2, 2}, {-1, 1, -1, 1})));
    // All numbers equal: deviations 0 over sqrt(epsilon); the bias is all that is left.
    cases.push_back(norm_case("layer_norm", "constant_row", filled<2>({1, 3}, {5, 5, 5}),
                              {filled<1>({3}, {1, 1, 1}), filled<1>({3}, {1, 2, 3}), 1e-5F},
                              Values({1, 3}, {1, 2, 3})));
    cases.push_back(golden_case("layer_norm", "golden", golden / "layer_norm.safetensors", 1e-5));
    // Rounding the inputs and their mean to float32 moves this one by 5e-5 times the gain.
    cases.push_back(golden_case("layer_norm", "tiny_variance",
                                golden / "layer_norm_tiny_variance.safetensors", 3e-4));
}

void add_rms_norm(std::vector<Case>& cases, const std::filesystem::path& golden) {
    // (3, 4, 0, 0): squares 9 + 16, their mean 25 / 4, the root 2.5.
    cases.push_back(norm_case("rms_norm", "rms_by_hand", filled<2>({1, 4}, {3, 4, 0, 0}),
                              plain(4, 0.0F, Norm::rms), Values({1, 4}, {1.2, 1.6, 0, 0})));
    // The mean is not taken off: (5, 5) stays positive.
    cases.push_back(norm_case("rms_norm", "mean_stays", filled<2>({1, 2}, {5, 5}),
                              plain(2, 0.0F, Norm::rms), Values({1, 2}, {1, 1})));
    // Epsilon 1 counts: sqrt(3 + 1) = 2.
    NormWeights weights = plain(3, 1.0F, Norm::rms);
    weights.gain = filled<1>({3}, {2, 4, 6});
    const double root3 = std::sqrt(3.0);
    cases.push_back(norm_case("rms_norm", "epsilon_in_the_root",
                              filled<2>({1, 3}, {static_cast<Real>(root3), static_cast<Real>(root3),
                                                 static_cast<Real>(root3)}),
                              weights, Values({1, 3}, {root3, 2 * root3, 3 * root3})));
    cases.push_back(golden_case("rms_norm", "rms_golden", golden / "rms_norm.safetensors", 1e-5));
}

}  // namespace

std::vector<Case> layer_norm_cases(const std::filesystem::path& golden) {
    std::vector<Case> cases;
    add_layer_norm(cases, golden);
    add_rms_norm(cases, golden);
    // norm(1, 3) = (-1, 1), doubled (-2, 2), added to (1, 3).
    cases.push_back(residual_case("pre_norm", Norm::layer, false, Values({1, 2}, {-1, 5})));
    // (1, 3) + (2, 6) = (3, 9), normalised.
    cases.push_back(residual_case("post_norm", Norm::layer, true, Values({1, 2}, {-1, 1})));
    // Root mean square of (1, 3): sqrt 5.
    const double root = std::sqrt(5.0);
    cases.push_back(
        residual_case("pre_rms", Norm::rms, false, Values({1, 2}, {1 + 2 / root, 3 + 6 / root})));
    return cases;
}

}  // namespace vitrine::runner
