// The cases of chapter 05. Golden tensors: torch in float64 (tests/fixtures/README.md); the others
// are worked out beside them.
#include "chapters/05_multi_head_attention/exercise_test.h"

#include <cmath>

#include "chapters/runner/case_tools.h"
#include "nn/parts.h"

namespace vitrine::runner {

namespace {

using MultiHead = Tensor2(const Parts&, Ref2, Ref2, const Bias&, const AttentionWeights&,
                          KeyValues*, Record*);

Case split_case(const char* id, const Tensor2& x, Index H, Values expected) {
    const auto run = [=](const Functions& functions) {
        return Values(functions.get<Tensor3(Ref2, Index)>("split_heads")(x, H));
    };
    return {"split_heads", id, run, std::move(expected), 0.0};
}

Case join_case(const char* id, const Tensor3& z, Values expected) {
    const auto run = [=](const Functions& functions) {
        return Values(functions.get<Tensor2(Ref3)>("join_heads")(z));
    };
    return {"join_heads", id, run, std::move(expected), 0.0};
}

Case grouped_case(const char* id, const Tensor3& heads, Index H, Values expected) {
    const auto run = [=](const Functions& functions) {
        return Values(functions.get<Tensor3(Ref3, Index)>("grouped")(heads, H));
    };
    return {"grouped", id, run, std::move(expected), 0.0};
}

/// torch keeps the three projections in one matrix [3C, C], as [out, in].
AttentionWeights torch_weights(const TensorFile& file) {
    const Tensor2 all = tensor_of<2>(file.at("in_proj_weight"));
    const Tensor1 bias = tensor_of<1>(file.at("in_proj_bias"));
    const Index C = file.at("x").shape[1];
    const auto projection = [&](Index i) {
        return Linear(Matrix(transpose_last(rows(Ref2(all), i * C, (i + 1) * C)).copy()),
                      rows(Ref1(bias), i * C, (i + 1) * C).copy());
    };
    AttentionWeights weights{
        projection(0), projection(1), projection(2),
        Linear(Matrix(transpose_last(tensor_of<2>(file.at("out_proj_weight"))).copy()),
               tensor_of<1>(file.at("out_proj_bias")))};
    weights.heads = weights.kv_heads = 3;
    weights.scale = 1.0F / std::sqrt(static_cast<float>(C) / 3);
    return weights;
}

/// Bound: float32 sums of 24 products, twice.
Case golden_case(const char* id, const std::filesystem::path& path, bool causal) {
    const TensorFile file = TensorFile::open(path);
    const Tensor2 x = tensor_of<2>(file.at("x"));
    const Tensor2 source = file.contains("source") ? tensor_of<2>(file.at("source")) : x;
    const AttentionWeights weights = torch_weights(file);
    const auto run = [=](const Functions& functions) {
        const auto T = static_cast<Index>(x.shape()[0]);
        const Tensor2 mask = causal_bias(T, T);
        return Values(functions.get<MultiHead>("multi_head_attention")(
            fast_parts(), x, source, causal ? Bias(mask) : Bias(), weights, nullptr, nullptr));
    };
    return {"multi_head_attention", id, run, Values(file.at("output")), 2e-5};
}

/// A projection that hands on the first `out` of `in` numbers.
Linear first_columns(Index in, Index out) {
    Tensor2 weight = zeros<2>({in, out});
    for (Index i = 0; i < out; ++i) weight(i, i) = 1;
    return Linear(Matrix(std::move(weight)), zeros<1>({out}));
}

/// Two query heads read one key head. A position alone gets its own value, once from each head.
Case grouped_queries_case() {
    Tensor2 x = zeros<2>({1, 16});
    for (Index i = 0; i < 16; ++i) x(0, i) = static_cast<Real>(i);
    AttentionWeights weights{first_columns(16, 16), first_columns(16, 8), first_columns(16, 8),
                             first_columns(16, 16)};
    weights.heads = 2;
    weights.kv_heads = 1;
    weights.scale = 1;
    const auto run = [=](const Functions& functions) {
        return Values(functions.get<MultiHead>("multi_head_attention")(fast_parts(), x, x, Bias(),
                                                                       weights, nullptr, nullptr));
    };
    return {"multi_head_attention", "grouped_queries", run,
            Values({1, 16}, {0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7}), 1e-5};
}

/// The causal golden in two pieces: 4 positions, then 3 that see the first 4 in `past`.
Case cached_case(const char* id, const std::filesystem::path& path) {
    const TensorFile file = TensorFile::open(path);
    const Tensor2 x = tensor_of<2>(file.at("x"));  // [7, 24]
    const AttentionWeights weights = torch_weights(file);
    const auto run = [=](const Functions& functions) {
        const auto attend = functions.get<MultiHead>("multi_head_attention");
        KeyValues past(3, 8);
        const Ref2 first = rows(Ref2(x), 0, 4), second = rows(Ref2(x), 4, 7);
        const Tensor2 mask = causal_bias(4, 4), later = causal_bias(3, 7);
        Values all(attend(fast_parts(), first, first, mask, weights, &past, nullptr));
        const Values rest(attend(fast_parts(), second, second, later, weights, &past, nullptr));
        all.values.insert(all.values.end(), rest.values.begin(), rest.values.end());
        all.shape = {7, 24};
        return all;
    };
    return {"multi_head_attention", id, run, Values(file.at("output")), 2e-5};
}

}  // namespace

std::vector<Case> multi_head_attention_cases(const std::filesystem::path& golden) {
    std::vector<Case> cases;
    // Two positions, two heads of two: the first head has the left half of each row.
    const Tensor2 x = filled<2>({2, 4}, {1, 2, 3, 4, 5, 6, 7, 8});
    cases.push_back(split_case("split_by_hand", x, 2, Values({2, 2, 2}, {1, 2, 5, 6, 3, 4, 7, 8})));
    cases.push_back(
        split_case("four_narrow_heads", x, 4, Values({4, 2, 1}, {1, 5, 2, 6, 3, 7, 4, 8})));
    cases.push_back(join_case("join_by_hand", filled<3>({2, 2, 2}, {1, 2, 5, 6, 3, 4, 7, 8}),
                              Values({2, 4}, {1, 2, 3, 4, 5, 6, 7, 8})));
    cases.push_back(join_case("join_three", filled<3>({3, 2, 1}, {1, 4, 2, 5, 3, 6}),
                              Values({2, 3}, {1, 2, 3, 4, 5, 6})));
    cases.push_back(grouped_case("six_read_two", filled<3>({2, 1, 1}, {10, 20}), 6,
                                 Values({6, 1, 1}, {10, 10, 10, 20, 20, 20})));
    cases.push_back(grouped_case("one_for_all", filled<3>({1, 2, 1}, {1, 2}), 3,
                                 Values({3, 2, 1}, {1, 2, 1, 2, 1, 2})));
    cases.push_back(golden_case("self", golden / "multi_head_attention_self.safetensors", false));
    cases.push_back(
        golden_case("causal", golden / "multi_head_attention_causal.safetensors", true));
    cases.push_back(golden_case("cross", golden / "multi_head_attention_cross.safetensors", false));
    cases.push_back(cached_case("with_a_past", golden / "multi_head_attention_causal.safetensors"));
    cases.push_back(grouped_queries_case());
    return cases;
}

}  // namespace vitrine::runner
