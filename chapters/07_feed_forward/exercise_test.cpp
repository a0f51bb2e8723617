// The cases of chapter 07. Golden tensors: torch in float64 (tests/fixtures/README.md); the others
// are worked out beside them.
#include "chapters/07_feed_forward/exercise_test.h"

#include <cmath>

#include "chapters/runner/case_tools.h"
#include "nn/parts.h"

namespace vitrine::runner {

namespace {

using Feed = Tensor2(const Parts&, Ref2, const FeedForwardWeights&, Record*);

Case gelu_case(const char* id, const Tensor2& x, Values expected) {
    const auto run = [=](const Functions& functions) {
        return Values(functions.get<Tensor2(Ref2)>("gelu")(x));
    };
    return {"gelu", id, run, std::move(expected), 1e-5};
}

Case feed_case(const std::string& exercise, const char* id, const Tensor2& x,
               const FeedForwardWeights& weights, Values expected, double bound = 1e-5) {
    const auto run = [=](const Functions& functions) {
        return Values(functions.get<Feed>(exercise)(fast_parts(), x, weights, nullptr));
    };
    return {exercise, id, run, std::move(expected), bound};
}

Linear linear(const TensorFile& file, const char* weight, const char* bias = nullptr) {
    return Linear(Matrix(tensor_of<2>(file.at(weight))),
                  bias == nullptr ? Tensor1() : tensor_of<1>(file.at(bias)));
}

/// One row of all the numbers.
Tensor2 as_row(const StoredTensor& stored) {
    Tensor2 row = uninitialized<2>({1, stored.size()});
    const std::vector<float> values = stored.floats();
    std::copy(values.begin(), values.end(), row.begin());
    return row;
}

}  // namespace

std::vector<Case> feed_forward_cases(const std::filesystem::path& golden) {
    std::vector<Case> cases;
    // GELU(1) = 0.5 (1 + tanh(0.79788 * 1.044715)); far to the right it is x; at 0 it is 0.
    const double one = 0.5 * (1 + std::tanh(std::sqrt(2 / M_PI) * 1.044715));
    cases.push_back(gelu_case("gelu_by_hand", filled<2>({1, 4}, {0, 1, -1, 20}),
                              Values({1, 4}, {0, one, one - 1, 20})));
    const TensorFile gelus = TensorFile::open(golden / "gelu_tanh.safetensors");
    const Values outputs(gelus.at("output"));
    cases.push_back(gelu_case("gelu_golden", as_row(gelus.at("x")),
                              Values({1, gelus.at("x").size()}, outputs.values)));

    // x = 2: up to (2 + 1, -2), ReLU (3, 0), down 3 * 10 + 5.
    const FeedForwardWeights small{
        Linear(Matrix(filled<2>({1, 2}, {1, -1})), filled<1>({2}, {1, 0})),
        Linear(Matrix(filled<2>({2, 1}, {10, 100})), filled<1>({1}, {5})), Activate::relu};
    cases.push_back(
        feed_case("feed_forward", "by_hand", filled<2>({1, 1}, {2}), small, Values({1, 1}, {35})));
    const TensorFile plain = TensorFile::open(golden / "feed_forward.safetensors");
    const FeedForwardWeights weights{linear(plain, "w_in", "b_in"), linear(plain, "w_out", "b_out"),
                                     Activate::gelu_tanh};
    cases.push_back(feed_case("feed_forward", "golden", tensor_of<2>(plain.at("x")), weights,
                              Values(plain.at("output")), 5e-5));

    // x = 1: gate 0 lets half of SiLU's slope, 0 * 5 = 0, pass; gate 2 gives SiLU(2) * 3.
    const double silu2 = 2 / (1 + std::exp(-2.0));
    const FeedForwardWeights gated{Linear(Matrix(filled<2>({1, 2}, {5, 3}))),
                                   Linear(Matrix(filled<2>({2, 1}, {1, 1}))), Activate::silu,
                                   Linear(Matrix(filled<2>({1, 2}, {0, 2})))};
    cases.push_back(feed_case("swiglu", "gate_by_hand", filled<2>({1, 1}, {1}), gated,
                              Values({1, 1}, {silu2 * 3})));
    const TensorFile file = TensorFile::open(golden / "swiglu.safetensors");
    const FeedForwardWeights swi{linear(file, "w_up"), linear(file, "w_down"), Activate::silu,
                                 linear(file, "w_gate")};
    cases.push_back(feed_case("swiglu", "gate_golden", tensor_of<2>(file.at("x")), swi,
                              Values(file.at("output")), 5e-5));
    return cases;
}

}  // namespace vitrine::runner
