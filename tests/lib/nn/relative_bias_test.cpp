#include "nn/relative_bias.h"

#include <doctest/doctest.h>

#include "parts/position_cases.h"

using namespace vitrine;

TEST_CASE("relative buckets and ALiBi slopes: those of the library hold the lists") {
    test::bucket_cases(relative_bucket);
    test::alibi_cases(alibi_slopes);
    CHECK_THROWS_AS(alibi_slopes(6), ArgumentError);
    CHECK_THROWS_AS(relative_bucket(3, true, 2, 128), ArgumentError);
}

TEST_CASE("ALiBi: the bias grows with the distance, by the slope of the head") {
    const Tensor3 bias = alibi_bias(8, 2, 4);  // positions 2 and 3 look at 0 to 3
    CHECK(bias(0, 0, 2) == 0);
    CHECK(bias(0, 1, 0) == doctest::Approx(-1.5));  // slope 1/2, distance 3
    CHECK(bias(7, 1, 2) == doctest::Approx(-1.0 / 256));
}
