#include "viz/views/attention_summary.h"

#include <doctest/doctest.h>

#include <numeric>

#include "tensor/random.h"

using namespace vitrine;
using namespace vitrine::viz;

namespace {

double mean(std::span<const Real> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

Run run_with_patterns(Index L, Index H, Index T) {
    Run run;
    Random random(7);
    for (Index layer = 0; layer < L; ++layer) {
        const Tensor3 values = random_uniform<3>(random, {H, T, T}, 0.0, 1.0);
        run.activations["blocks." + std::to_string(layer) + ".attn.pattern"] =
            Activation{"HTS", {H, T, T}, std::vector<Real>(values.begin(), values.end())};
    }
    return run;
}

}  // namespace

TEST_CASE("pool: keeps the mean, whatever the sizes") {
    Random random(3);
    for (const Index T : {49, 64, 97, 100, 200, 256}) {
        const Tensor2 map = random_uniform<2>(random, {T, T}, 0.0, 1.0);
        const AttentionMap small = pool(map.data(), T, T, 48);
        REQUIRE(small.rows == 48);
        REQUIRE(small.columns == 48);
        // float32 rounds each of 48 x 48 means by at most 2^-24
        CHECK(mean(small.values) == doctest::Approx(mean({map.data(), map.size()})).epsilon(1e-6));
    }
}

TEST_CASE("pool: a cell is the mean of what lies under it") {
    const std::vector<Real> map{1, 2, 3, 4, 5, 6, 7, 8, 9};
    const AttentionMap same = pool(map.data(), 3, 3, 48);
    CHECK(same.values == map);
    const AttentionMap half = pool(map.data(), 3, 3, 2);
    // each cell covers 1.5 x 1.5: (1 + 0.5 * 2 + 0.5 * 4 + 0.25 * 5) / 2.25
    CHECK(half.at(0, 0) == doctest::Approx((1 + 1 + 2 + 1.25) / 2.25));
    CHECK(half.at(1, 1) == doctest::Approx((9 + 4 + 3 + 1.25) / 2.25));
}

TEST_CASE("pool: a long and low map becomes short, its rows stay") {
    const std::vector<Real> map{1, 2, 3, 4, 5, 6, 7, 8};  // [2, 4]
    const AttentionMap half = pool(map.data(), 2, 4, 2);
    CHECK(half.rows == 2);
    CHECK(half.columns == 2);
    CHECK(half.values == std::vector<Real>{1.5F, 3.5F, 5.5F, 7.5F});
}

TEST_CASE("attention summary: averages over heads, and over layers and heads") {
    const Index L = 3, H = 4, T = 5;
    const Run run = run_with_patterns(L, H, T);
    AttentionStack stack;
    stack.heads = H;
    stack.sight.assign(static_cast<std::size_t>(L), Sight{});
    const auto summary = summarise_attention(run.activations, stack);
    REQUIRE(summary);
    CHECK(summary->layers == L);
    CHECK(summary->heads == H);
    CHECK(summary->thumbnails.size() == static_cast<std::size_t>(L * (H + 1)));
    double all = 0.0;
    for (Index layer = 0; layer < L; ++layer) {
        const Activation* pattern =
            &run.activations.at("blocks." + std::to_string(layer) + ".attn.pattern");
        double sum = 0.0;
        for (Index head = 0; head < H; ++head) {
            sum += static_cast<double>(
                pattern->values[static_cast<std::size_t>((head * T + 3) * T + 2)]);
        }
        all += sum;
        CHECK(summary->layer_averages[static_cast<std::size_t>(layer)].at(3, 2) ==
              doctest::Approx(sum / 4.0));
    }
    CHECK(summary->average.at(3, 2) == doctest::Approx(all / 12.0));
    CHECK(summarise_attention({}, stack) == nullptr);
}
