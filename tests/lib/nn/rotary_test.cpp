#include "nn/rotary.h"

#include <doctest/doctest.h>

#include "parts/position_cases.h"

using namespace vitrine;

TEST_CASE("rotary positions: the fast one holds the list") {
    test::rotate_cases(fast::rotate);
}
