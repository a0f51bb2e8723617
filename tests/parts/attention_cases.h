// The test list of attention: the fast and the clear implementation both run it.
#pragma once

#include <functional>
#include <limits>

#include "golden.h"
#include "nn/bias.h"

namespace vitrine::test {

using AttentionFunction = std::function<Tensor3(Ref3, Ref3, Ref3, const Bias&, float, Record*)>;

inline void attention_golden(const AttentionFunction& attention, const std::string& name,
                             double bound) {
    INFO(name);
    const TensorFile file = TensorFile::open(fixture("parts/" + name + ".safetensors"));
    const Tensor3 q = golden<3>(file, "q"), k = golden<3>(file, "k"), v = golden<3>(file, "v");
    const Tensor2 mask = golden<2>(file, "mask");
    const float scale = 1.0F / std::sqrt(static_cast<float>(q.shape()[2]));
    CHECK(largest_difference(attention(q, k, v, mask, scale, nullptr), golden<3>(file, "output")) <
          bound);
    if (!file.contains("pattern")) return;
    Record record = Record::all();
    attention(q, k, v, mask, scale, &record);
    CHECK(largest_difference(kept<3>(record.cache(), "pattern"), golden<3>(file, "pattern")) <
          1e-5);
    CHECK(largest_difference(kept<3>(record.cache(), "scores"), golden<3>(file, "scores")) <
          60 * bound);
    CHECK(largest_difference(kept<3>(record.cache(), "z"), golden<3>(file, "output")) < bound);
}

/// Bounds: float32 against float64 torch; sums of 8 products of numbers around 1, around 60 where
/// the scores are large.
inline void attention_cases(const AttentionFunction& attention) {
    attention_golden(attention, "attention_causal", 1e-5);
    attention_golden(attention, "attention_cross", 1e-5);
    attention_golden(attention, "attention_grouped", 1e-5);
    attention_golden(attention, "attention_large_scores", 2e-2);

    const TensorFile file = TensorFile::open(fixture("parts/attention_causal.safetensors"));
    const Tensor3 q = golden<3>(file, "q"), k = golden<3>(file, "k"), v = golden<3>(file, "v");
    const auto [H, T, D] = shape3(q);

    // A row that is hidden entirely gives zeros, and changes no other row.
    Tensor2 mask = causal_bias(T, T);
    for (Index s = 0; s < T; ++s) mask(2, s) = -std::numeric_limits<Real>::infinity();
    const Tensor3 with_hidden = attention(q, k, v, mask, 0.35F, nullptr);
    const Tensor3 without = attention(q, k, v, causal_bias(T, T), 0.35F, nullptr);
    for (Index h = 0; h < H; ++h) {
        for (Index t = 0; t < T; ++t) {
            for (Index d = 0; d < D; ++d) {
                CHECK(with_hidden(h, t, d) ==
                      doctest::Approx(t == 2 ? 0.0 : double(without(h, t, d))).epsilon(1e-5));
            }
        }
    }

    // A bias of its own for every head: the same one for all is the shared one.
    Tensor3 each = uninitialized<3>({H, T, T});
    for (Index h = 0; h < H; ++h) {
        for (Index t = 0; t < T; ++t) {
            for (Index s = 0; s < T; ++s) each(h, t, s) = causal_bias(T, T)(t, s);
        }
    }
    CHECK(largest_difference(attention(q, k, v, each, 0.35F, nullptr), without) < 1e-5);

    // A replaced pattern is what goes on: with all weight on the first key, z is its value.
    Record hooked;
    hooked.add_hook("pattern", [keys = std::size_t(T)](const Tapped& tapped) {
        for (std::size_t i = 0; i < tapped.values.size(); ++i)
            tapped.values[i] = i % keys == 0 ? 1 : 0;
    });
    const Tensor3 first = attention(q, k, v, causal_bias(T, T), 0.35F, &hooked);
    CHECK(first(1, T - 1, 3) == doctest::Approx(double(v(1, 0, 3))));

    CHECK_THROWS_AS(attention(q, k, rows(Ref3(v), 0, 1), Bias(), 1, nullptr), ShapeError);
    CHECK_THROWS_AS(attention(q, k, v, causal_bias(T, T + 1), 1, nullptr), ShapeError);
}

}  // namespace vitrine::test
