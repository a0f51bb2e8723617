// The test lists of the feed-forward networks: the fast and the clear implementation both run them.
#pragma once

#include "golden.h"
#include "nn/parts.h"

namespace vitrine::test {

inline Tensor2 one_row(const Tensor1& x) {
    Tensor2 row = uninitialized<2>({1, Index(x.size())});
    std::copy(x.begin(), x.end(), row.begin());
    return row;
}

inline TensorFile part_file(const std::string& name) {
    return TensorFile::open(fixture("parts/" + name + ".safetensors"));
}

/// Bound: a few rounding steps of numbers up to 10.
inline void activation_cases(const decltype(Parts::activation)& activation) {
    const std::pair<const char*, Activate> all[] = {{"gelu_tanh", Activate::gelu_tanh},
                                                    {"gelu_exact", Activate::gelu_exact},
                                                    {"silu", Activate::silu}};
    for (const auto& [name, kind] : all) {
        const auto& label = name;  // clang 14 captures no bindings
        INFO(label);
        const TensorFile file = part_file(name);
        CHECK(largest_difference(activation(one_row(golden<1>(file, "x")), kind),
                                 one_row(golden<1>(file, "output"))) < 2e-6);
    }
    const Tensor2 far{{-200, -50, 50, 200}};  // neither overflow nor NaN
    for (const Activate kind :
         {Activate::gelu_tanh, Activate::gelu_exact, Activate::silu, Activate::relu}) {
        const Tensor2 out = activation(far, kind);
        CHECK(out(0, 0) == doctest::Approx(0));
        CHECK(out(0, 3) == doctest::Approx(200));
    }
}

/// Bound: float32 sums of 96 products of numbers around 1.
inline void feed_forward_cases(const Parts& parts) {
    const TensorFile file = part_file("feed_forward");
    const FeedForwardWeights weights{
        Linear(Matrix(golden<2>(file, "w_in")), golden<1>(file, "b_in")),
        Linear(Matrix(golden<2>(file, "w_out")), golden<1>(file, "b_out")), Activate::gelu_tanh};
    Record record = Record::all();
    CHECK(largest_difference(parts.feed_forward(parts, golden<2>(file, "x"), weights, &record),
                             golden<2>(file, "output")) < 5e-5);
    CHECK(record.cache().at("mlp_pre").shape == std::vector<Index>{7, 96});
    CHECK(record.cache().at("mlp_post").axes == "TF");
    CHECK_THROWS_AS(parts.feed_forward(parts, Tensor2(zeros<2>({2, 5})), weights, nullptr),
                    ShapeError);
}

inline void swiglu_cases(const Parts& parts) {
    const TensorFile file = part_file("swiglu");
    const FeedForwardWeights weights{Linear(Matrix(golden<2>(file, "w_up"))),
                                     Linear(Matrix(golden<2>(file, "w_down"))), Activate::silu,
                                     Linear(Matrix(golden<2>(file, "w_gate")))};
    Record record = Record::all();
    CHECK(largest_difference(parts.swiglu(parts, golden<2>(file, "x"), weights, &record),
                             golden<2>(file, "output")) < 5e-5);
    CHECK(record.cache().count("mlp_gate") == 1);
    CHECK(record.cache().size() == 3);
}

}  // namespace vitrine::test
