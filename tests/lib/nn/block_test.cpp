#include "nn/block.h"

#include <doctest/doctest.h>

#include "parts/block_cases.h"

using namespace vitrine;

TEST_CASE("blocks: the fast ones hold the list") {
    test::block_cases(fast_parts());
}
