#include "viz/views/position_numbers.h"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "chapters/03_positional_encoding/positional_encoding.h"
#include "nn/rotary.h"

using namespace vitrine;
using namespace vitrine::viz;

TEST_CASE("position numbers: pair 0 turns in 2 pi positions, the last of C = 4 in 100 times that") {
    CHECK(sinusoidal_wavelength(0, 4) == doctest::Approx(2.0 * std::numbers::pi));
    CHECK(sinusoidal_wavelength(1, 4) == doctest::Approx(200.0 * std::numbers::pi));
}

TEST_CASE(
    "position numbers: the product of two sinusoidal rows is the sum of cosines of distance") {
    const Tensor2 table = chapters::sinusoidal(20, 8);
    const Tensor1 products = products_with_row(table, 7);
    for (Index t = 0; t < 20; ++t) {
        // sin a sin b + cos a cos b = cos(a - b), for each of the four frequencies.
        double sum = 0.0;
        for (const double w : {1.0, 0.1, 0.01, 0.001}) sum += std::cos(w * double(t - 7));
        CHECK(products(t) == doctest::Approx(sum).epsilon(1e-5));
    }
    const Tensor1 cosines = cosines_with_row(table, 7);
    CHECK(cosines(7) == doctest::Approx(1.0));
    CHECK(cosines(0) == doctest::Approx(double(products(0)) / 4.0).epsilon(1e-5));
}

TEST_CASE("position numbers: a rotary score depends on the distance, in both layouts of pairs") {
    for (const bool interleaved : {false, true}) {
        const Rotary rotary{rotary_frequencies(8, 10000.0), interleaved};
        const Tensor1 first = rotary_scores(rotary, 0, 30);
        const Tensor1 later = rotary_scores(rotary, 50, 30);
        CHECK(first(0) == doctest::Approx(4.0));
        for (Index d = 0; d < 30; ++d) {
            double sum = 0.0;
            for (const double w : {1.0, 0.1, 0.01, 0.001}) sum += std::cos(w * double(d));
            CHECK(first(d) == doctest::Approx(sum).epsilon(1e-4));
            CHECK(std::abs(first(d) - later(d)) < 1e-4);
        }
    }
}

TEST_CASE("position numbers: T5's buckets and ALiBi's slopes over the distance") {
    const Tensor1 buckets = t5_buckets(128);
    CHECK(buckets(128) == 0);       // the same position
    CHECK(buckets(128 - 3) == 3);   // 3 to the left
    CHECK(buckets(128 + 3) == 19);  // the other half is for keys that come later
    CHECK(buckets(128 - 20) == 10);
    CHECK(bucket_range(-20, 128) == std::pair<Index, Index>{-22, -16});  // lesson 03
    CHECK(bucket_range(2, 128) == std::pair<Index, Index>{2, 2});
    const Tensor2 alibi = alibi_over_distance(8, 5);
    CHECK(alibi(0, 0) == 0);
    CHECK(alibi(0, 4) == -2);          // slope 1/2
    CHECK(alibi(7, 4) == -4.0 / 256);  // slope 1/256
}
