#include "chapters/03_positional_encoding/positional_encoding.h"

#include <doctest/doctest.h>

#include "parts/position_cases.h"

using namespace vitrine;

TEST_CASE("positions: the clear ones hold the lists") {
    test::rotate_cases(chapters::rotate);
    test::bucket_cases(chapters::relative_bucket);
    test::alibi_cases(chapters::alibi_slopes);
}

TEST_CASE("positions: the sinusoidal table equals torch's") {
    const TensorFile file =
        TensorFile::open(test::fixture("parts/positions_sinusoidal.safetensors"));
    CHECK(test::largest_difference(chapters::sinusoidal(50, 32), test::golden<2>(file, "table")) <
          1e-6);
}
