#include "nn/embedding.h"

#include <doctest/doctest.h>

#include "parts/embedding_cases.h"

using namespace vitrine;

TEST_CASE("embedding: the fast one holds the list") {
    test::embedding_cases(fast_parts());
}
