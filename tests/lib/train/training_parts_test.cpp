#include "train/training_parts.h"

#include <doctest/doctest.h>

#include "parts/training_cases.h"

using namespace vitrine;

TEST_CASE("training parts: the fast ones hold the list") {
    test::training_cases(train::fast_training_parts());
}
