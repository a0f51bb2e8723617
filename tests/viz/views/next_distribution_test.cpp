#include "viz/views/next_distribution.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace vitrine;
using namespace vitrine::viz;

namespace {

// Probabilities 0.5, 0.25, 0.125, 0.125.
const std::vector<Real> logits{std::log(0.25F), std::log(0.5F), std::log(0.125F), std::log(0.125F)};

}  // namespace

TEST_CASE("next distribution: likeliest first, with the sum, entropy and perplexity") {
    const Distribution d = next_distribution(logits, {}, {}, 3, 2);
    REQUIRE(d.likeliest.size() == 3);
    CHECK(d.likeliest[0].id == 1);
    CHECK(d.likeliest[0].final == doctest::Approx(0.5));
    CHECK(d.likeliest[1].id == 0);
    CHECK(d.likeliest[1].drawn == doctest::Approx(0.75));
    CHECK(d.kept == 4);
    CHECK(d.entropy == doctest::Approx(1.75));  // 0.5 * 1 + 0.25 * 2 + 2 * 0.125 * 3
    CHECK(d.perplexity == doctest::Approx(std::exp2(1.75)));
    CHECK(d.actual_rank == 3);
    CHECK(d.actual_probability == doctest::Approx(0.125));
}

TEST_CASE("next distribution: each cut is named, and what stays is shared out anew") {
    Sampling sampling;
    sampling.top_k = 2;
    Distribution d = next_distribution(logits, {}, sampling, 4, -1);
    CHECK(d.kept == 2);
    CHECK(d.likeliest[0].final == doctest::Approx(2.0 / 3.0));
    CHECK(d.likeliest[0].model == doctest::Approx(0.5));
    CHECK(d.likeliest[2].cut == Cut::top_k);
    CHECK(d.likeliest[2].tempered == doctest::Approx(0.125));
    CHECK(d.actual_rank == -1);

    sampling = {};
    sampling.top_p = 0.7F;
    d = next_distribution(logits, {}, sampling, 4, -1);
    CHECK(d.kept == 2);
    CHECK(d.likeliest[2].cut == Cut::top_p);

    sampling = {};
    sampling.min_p = 0.4F;
    d = next_distribution(logits, {}, sampling, 4, -1);
    CHECK(d.kept == 2);
    CHECK(d.likeliest[3].cut == Cut::min_p);
}

TEST_CASE("next distribution: temperature squares or flattens, 0 leaves the likeliest alone") {
    Sampling sampling;
    sampling.temperature = 0.5F;  // p^2 / sum: 0.25, 0.0625, 2 * 0.015625, sum 0.34375
    Distribution d = next_distribution(logits, {}, sampling, 4, -1);
    CHECK(d.likeliest[0].final == doctest::Approx(0.25 / 0.34375));
    sampling.temperature = 0.0F;
    d = next_distribution(logits, {}, sampling, 4, -1);
    CHECK(d.likeliest[0].final == 1.0);
    CHECK(d.kept == 1);
    CHECK(d.entropy == 0.0);
    CHECK(d.likeliest[1].cut == Cut::temperature);
}
