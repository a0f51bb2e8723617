// The cases of chapter 02. Golden tensors: torch in float64 (tests/fixtures/README.md); the others
// are worked out beside them.
#include "chapters/02_embeddings/exercise_test.h"

#include <span>

#include "chapters/runner/case_tools.h"
#include "nn/weights.h"

namespace vitrine::runner {

namespace {

Case embed_case(const char* id, const std::vector<int>& ids, const Tensor2& table,
                Values expected) {
    const auto run = [=](const Functions& functions) {
        const auto embed = functions.get<Tensor2(std::span<const int>, const Matrix&)>("embed");
        return Values(embed(ids, Matrix(table)));
    };
    return {"embed", id, run, std::move(expected), 0.0};
}

Case unembed_case(const char* id, const Tensor2& x, const Tensor2& table, Values expected) {
    const auto run = [=](const Functions& functions) {
        const auto unembed = functions.get<Tensor2(Ref2, const Matrix&)>("unembed");
        return Values(unembed(x, Matrix(table)));
    };
    return {"unembed", id, run, std::move(expected), 1e-5};
}

Case nearest_case(const char* id, const Tensor1& vector, const Tensor2& table,
                  std::vector<double> expected) {
    const auto count = static_cast<int>(expected.size());
    const auto run = [=](const Functions& functions) {
        const auto rows =
            functions.get<std::vector<int>(Ref1, Ref2, int)>("nearest")(vector, table, count);
        return Values({static_cast<Index>(rows.size())}, {rows.begin(), rows.end()});
    };
    return {"nearest", id, run, Values({count}, std::move(expected)), 0.0};
}

}  // namespace

std::vector<Case> embedding_cases(const std::filesystem::path& golden) {
    std::vector<Case> cases;
    // The lesson's table: sun, moon, king, queen.
    const Tensor2 table = filled<2>({4, 2}, {4, 1, 3, 2, -1, 3, -2, 6});
    cases.push_back(embed_case("by_hand", {2, 0, 2}, table, Values({3, 2}, {-1, 3, 4, 1, -1, 3})));
    const TensorFile file = TensorFile::open(golden / "embedding.safetensors");
    std::vector<int> ids;
    for (const std::int64_t id : file.at("ids").integers()) ids.push_back(static_cast<int>(id));
    cases.push_back(
        embed_case("golden", ids, tensor_of<2>(file.at("table")), Values(file.at("output"))));

    // (1, 2) . (4, 1) = 6, . (3, 2) = 7, . (-1, 3) = 5, . (-2, 6) = 10.
    cases.push_back(unembed_case("logits_by_hand", filled<2>({1, 2}, {1, 2}), table,
                                 Values({1, 4}, {6, 7, 5, 10})));
    // A square table: its transpose has the same shape, and other products.
    cases.push_back(unembed_case("square_table", filled<2>({2, 2}, {1, 0, 0, 1}),
                                 filled<2>({2, 2}, {1, 2, 3, 4}), Values({2, 2}, {1, 3, 2, 4})));

    // From (-1, 3): itself and (-2, 6) have cosine 1 (row 2 comes first), then (3, 2), then (4, 1).
    cases.push_back(nearest_case("same_direction", filled<1>({2}, {-1, 3}), table, {2, 3, 1, 0}));
    // A long vector at an angle has the larger product, the short one the larger cosine.
    cases.push_back(nearest_case("long_is_not_near", filled<1>({2}, {1, 0}),
                                 filled<2>({3, 2}, {10, 10, 1, 0, 0, 5}), {1, 0, 2}));
    // The cosine does not change with the length of what is asked for; opposite comes last.
    cases.push_back(nearest_case("opposite_is_last", filled<1>({2}, {7, 0}),
                                 filled<2>({3, 2}, {-2, 0, 0, 1, 3, 0.5F}), {2, 1, 0}));
    return cases;
}

}  // namespace vitrine::runner
