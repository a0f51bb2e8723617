// The cases of chapter 03. Golden tensors: torch and transformers (tests/fixtures/README.md); the
// others are worked out beside them.
#include "chapters/03_positional_encoding/exercise_test.h"

#include <array>
#include <cmath>

#include "chapters/runner/case_tools.h"
#include "nn/rotary.h"

namespace vitrine::runner {

namespace {

using RotateHeads = std::array<Tensor3, 3>(Ref3, Ref3, Ref3, const Rotary&, Index);

Case sinusoidal_case(const char* id, Index T, Index C, Values expected) {
    const auto run = [=](const Functions& functions) {
        return Values(functions.get<Tensor2(Index, Index)>("sinusoidal")(T, C));
    };
    return {"sinusoidal", id, run, std::move(expected), 1e-5};
}

Case rotate_case(const char* id, const Tensor3& x, const Rotary& rotary, Index start,
                 Values expected) {
    const auto run = [=](const Functions& functions) {
        return Values(
            functions.get<Tensor3(Ref3, const Rotary&, Index)>("rotate")(x, rotary, start));
    };
    return {"rotate", id, run, std::move(expected), 1e-5};
}

Case golden_rotation(const char* id, const std::filesystem::path& path, bool interleaved,
                     Index start) {
    const TensorFile file = TensorFile::open(path);
    const Tensor3 x = tensor_of<3>(file.at("x"));
    const Rotary rotary{rotary_frequencies(static_cast<Index>(x.shape()[2]), 10000), interleaved};
    return rotate_case(id, x, rotary, start, Values(file.at("output")));
}

/// One head, one position, a quarter turn: (1, 0) -> (0, 1) and (0, 1) -> (-1, 0). Values stay.
Case heads_case() {
    const Tensor3 q = filled<3>({1, 1, 2}, {1, 0}), k = filled<3>({1, 1, 2}, {0, 1});
    const Tensor3 v = filled<3>({1, 1, 2}, {2, 3});
    const Rotary rotary{filled<1>({1}, {static_cast<Real>(M_PI / 2)}), false};
    const auto run = [=](const Functions& functions) {
        const auto all = functions.get<RotateHeads>("rotate_heads")(q, k, v, rotary, 1);
        Values result({3, 2}, {});
        for (const Tensor3& each : all) {
            const Values part(each);
            result.values.insert(result.values.end(), part.values.begin(), part.values.end());
        }
        if (result.values.size() != 6) result.shape = {static_cast<Index>(result.values.size())};
        return result;
    };
    return {"rotate_heads", "what_turns", run, Values({3, 2}, {0, 1, -1, 0, 2, 3}), 1e-5};
}

Case bucket_case(const char* id, const StoredTensor& relative, bool bidirectional, int buckets,
                 int max_distance, const StoredTensor& expected) {
    const std::vector<std::int64_t> all = relative.integers(), right = expected.integers();
    const auto run = [=](const Functions& functions) {
        const auto bucket = functions.get<int(Index, bool, int, int)>("relative_bucket");
        Values result({static_cast<Index>(all.size())}, {});
        for (const std::int64_t each : all)
            result.values.push_back(bucket(each, bidirectional, buckets, max_distance));
        return result;
    };
    return {"relative_bucket", id, run,
            Values({static_cast<Index>(right.size())}, {right.begin(), right.end()}), 0.0};
}

}  // namespace

std::vector<Case> positional_encoding_cases(const std::filesystem::path& golden) {
    std::vector<Case> cases;
    // Width 4: i = 0 turns by 1 a position, i = 1 by 1 / 10000^(2 / 4) = 0.01.
    cases.push_back(sinusoidal_case("sinusoidal_by_hand", 2, 4,
                                    Values({2, 4}, {0, 1, 0, 1, std::sin(1.0), std::cos(1.0),
                                                    std::sin(0.01), std::cos(0.01)})));
    const TensorFile table = TensorFile::open(golden / "positions_sinusoidal.safetensors");
    cases.push_back(sinusoidal_case("sinusoidal_golden", 50, 32, Values(table.at("table"))));

    // A quarter turn a position; row 0 at position 1, row 1 at position 2.
    const Rotary quarter{filled<1>({1}, {static_cast<Real>(M_PI / 2)}), false};
    cases.push_back(rotate_case("quarter_turns", filled<3>({1, 2, 2}, {1, 0, 1, 0}), quarter, 1,
                                Values({1, 2, 2}, {0, 1, -1, 0})));
    // Three numbers, one pair: the third is in none.
    cases.push_back(rotate_case("in_no_pair", filled<3>({1, 1, 3}, {1, 0, 5}), quarter, 1,
                                Values({1, 1, 3}, {0, 1, 5})));
    cases.push_back(golden_rotation("rotate_golden", golden / "rotary_half.safetensors", false, 0));
    cases.push_back(
        golden_rotation("rotate_from_5", golden / "rotary_half_from_5.safetensors", false, 5));
    cases.push_back(golden_rotation("rotate_neighbours",
                                    golden / "rotary_interleaved_from_5.safetensors", true, 5));
    cases.push_back(heads_case());

    const TensorFile buckets = TensorFile::open(golden / "t5_buckets.safetensors");
    const StoredTensor& relative = buckets.at("relative_position");
    cases.push_back(
        bucket_case("both_ways", relative, true, 32, 128, buckets.at("bidirectional_32_128")));
    cases.push_back(
        bucket_case("to_the_past", relative, false, 32, 128, buckets.at("causal_32_128")));
    cases.push_back(
        bucket_case("few_buckets", relative, true, 8, 16, buckets.at("bidirectional_8_16")));
    return cases;
}

}  // namespace vitrine::runner
