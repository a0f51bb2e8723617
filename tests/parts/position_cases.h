// The test lists of positions: the fast and the clear implementation both run them.
#pragma once

#include <functional>

#include "golden.h"
#include "nn/rotary.h"

namespace vitrine::test {

using RotateFunction = std::function<Tensor3(Ref3, const Rotary&, Index)>;

/// Bound: float32 numbers of size 3.
inline void rotate_cases(const RotateFunction& rotate) {
    const std::tuple<const char*, bool, Index> all[] = {{"rotary_half", false, 0},
                                                        {"rotary_half_from_5", false, 5},
                                                        {"rotary_interleaved", true, 0},
                                                        {"rotary_interleaved_from_5", true, 5}};
    for (const auto& [name, interleaved, start] : all) {
        const auto& label = name;  // clang 14 captures no bindings
        INFO(label);
        const TensorFile file =
            TensorFile::open(fixture(std::string("parts/") + name + ".safetensors"));
        const Tensor3 x = golden<3>(file, "x");
        const Rotary rotary{rotary_frequencies(Index(x.shape()[2]), 10000), interleaved};
        CHECK(largest_difference(rotate(x, rotary, start), golden<3>(file, "output")) < 2e-6);
    }
    // Two pairs of a head of six: the last two numbers stay. A product depends on the distance
    // only.
    const Tensor3 x{{{1, 2, 3, 4, 5, 6}}}, y{{{6, 5, 4, 3, 2, 1}}};
    const Rotary rotary{rotary_frequencies(4, 100), false};
    CHECK(rotate(x, rotary, 7)(0, 0, 5) == 6);
    const auto product = [&](Index a, Index b) {
        const Tensor3 p = rotate(x, rotary, a), q = rotate(y, rotary, b);
        double sum = 0;
        for (Index d = 0; d < 6; ++d) sum += double(p(0, 0, d)) * double(q(0, 0, d));
        return sum;
    };
    CHECK(product(3, 1) == doctest::Approx(product(102, 100)).epsilon(1e-5));
    const Rotary wide{rotary_frequencies(8, 100), false};
    CHECK_THROWS_AS(rotate(x, wide, 0), ShapeError);
}

using BucketFunction = std::function<int(Index, bool, int, int)>;

inline void bucket_cases(const BucketFunction& bucket) {
    const TensorFile file = TensorFile::open(fixture("parts/t5_buckets.safetensors"));
    const auto relative = file.at("relative_position").integers();
    const std::tuple<const char*, bool, int, int> all[] = {{"bidirectional_32_128", true, 32, 128},
                                                           {"causal_32_128", false, 32, 128},
                                                           {"bidirectional_8_16", true, 8, 16}};
    for (const auto& [name, bidirectional, buckets, distance] : all) {
        const auto& label = name;  // clang 14 captures no bindings
        INFO(label);
        const auto expected = file.at(name).integers();
        int wrong = 0;
        for (std::size_t i = 0; i < relative.size(); ++i) {
            wrong += bucket(relative[i], bidirectional, buckets, distance) != expected[i] ? 1 : 0;
        }
        CHECK(wrong == 0);
    }
}

inline void alibi_cases(const std::function<Tensor1(Index)>& slopes) {
    const TensorFile file = TensorFile::open(fixture("parts/alibi_slopes.safetensors"));
    CHECK(largest_difference(slopes(8), golden<1>(file, "heads_8")) < 1e-7);
    CHECK(largest_difference(slopes(16), golden<1>(file, "heads_16")) < 1e-7);
}

}  // namespace vitrine::test
