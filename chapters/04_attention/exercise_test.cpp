// The cases of chapter 04. Golden tensors: torch in float64 (tests/fixtures/README.md); the others
// are derived beside them.
#include "chapters/04_attention/exercise_test.h"

#include <cmath>
#include <limits>

#include "activations/record.h"
#include "chapters/runner/case_tools.h"
#include "nn/bias.h"

namespace vitrine::runner {

namespace {

using Attention = Tensor3(Ref3, Ref3, Ref3, const Bias&, float, Record*);

Case make(const char* id, const Tensor3& q, const Tensor3& k, const Tensor3& v, const Tensor2& mask,
          float scale, Values expected, double bound = 1e-5) {
    const auto run = [=](const Functions& functions) {
        const Bias bias = mask.size() == 0 ? Bias() : Bias(mask);
        return Values(functions.get<Attention>("attention")(q, k, v, bias, scale, nullptr));
    };
    return {"attention", id, run, std::move(expected), bound};
}

Case golden_case(const char* id, const std::filesystem::path& path, double bound) {
    const TensorFile file = TensorFile::open(path);
    const Tensor3 q = tensor_of<3>(file.at("q"));
    const auto D = static_cast<float>(q.shape()[2]);
    return make(id, q, tensor_of<3>(file.at("k")), tensor_of<3>(file.at("v")),
                tensor_of<2>(file.at("mask")), 1.0F / std::sqrt(D), Values(file.at("output")),
                bound);
}

}  // namespace

std::vector<Case> attention_cases(const std::filesystem::path& golden) {
    constexpr Real hidden = -std::numeric_limits<Real>::infinity();
    std::vector<Case> cases;
    // Scores 2, 0, 1; shares e^2, 1, e over their sum.
    const double sum = std::exp(2.0) + 1.0 + std::exp(1.0);
    const double a = std::exp(2.0) / sum, b = 1.0 / sum, c = std::exp(1.0) / sum;
    cases.push_back(make("by_hand", filled<3>({1, 1, 4}, {2, 0, 2, 0}),
                         filled<3>({1, 3, 4}, {2, 0, 0, 0, 0, 1, 0, 1, 1, 0, 0, 1}),
                         filled<3>({1, 3, 4}, {4, 0, 0, 0, 0, 4, 0, 0, 0, 0, 4, 4}), {}, 0.5F,
                         Values({1, 1, 4}, {4 * a, 4 * b, 4 * c, 4 * c})));
    // One key: the share is 1 whatever the score, so z is its value.
    cases.push_back(make("one_key", filled<3>({1, 2, 2}, {3, -1, 0, 5}),
                         filled<3>({1, 1, 2}, {1, 2}), filled<3>({1, 1, 2}, {7, 8}), {}, 0.7F,
                         Values({1, 2, 2}, {7, 8, 7, 8})));
    // Equal keys: every share is 1/4, so z is the mean of the values.
    cases.push_back(make(
        "equal_keys", filled<3>({1, 1, 2}, {1, 2}), filled<3>({1, 4, 2}, {1, 1, 1, 1, 1, 1, 1, 1}),
        filled<3>({1, 4, 2}, {0, 4, 4, 8, 8, 0, 0, 0}), {}, 0.7F, Values({1, 1, 2}, {3, 3})));
    // Scores ln 3 and 0 at a scale of 1, as T5 has it: shares 3/4 and 1/4.
    cases.push_back(make("other_scale", filled<3>({1, 1, 2}, {std::log(3.0F), 0}),
                         filled<3>({1, 2, 2}, {1, 0, 0, 0}), filled<3>({1, 2, 2}, {4, 0, 0, 4}), {},
                         1.0F, Values({1, 1, 2}, {3, 1})));
    // Bounds: float32 sums of 8 products of numbers around 1; around 60 for the large scores.
    cases.push_back(golden_case("cross", golden / "attention_cross.safetensors", 1e-5));
    cases.push_back(golden_case("causal", golden / "attention_causal.safetensors", 1e-5));
    cases.push_back(
        golden_case("large_scores", golden / "attention_large_scores.safetensors", 2e-2));
    // The second query sees nothing; the first only the second key, whose value is (5, 6).
    Tensor2 mask = uninitialized<2>({2, 2});
    mask(0, 0) = hidden;
    mask(0, 1) = 0;
    mask(1, 0) = mask(1, 1) = hidden;
    cases.push_back(make("hidden_row", filled<3>({1, 2, 2}, {1, 2, 3, 4}),
                         filled<3>({1, 2, 2}, {1, 0, 0, 1}), filled<3>({1, 2, 2}, {3, 4, 5, 6}),
                         mask, 0.7F, Values({1, 2, 2}, {5, 6, 0, 0})));
    cases.push_back(golden_case("grouped", golden / "attention_grouped.safetensors", 1e-5));
    return cases;
}

}  // namespace vitrine::runner
