#include "chapters/10_training/training.h"

#include <doctest/doctest.h>

#include "parts/training_cases.h"

using namespace vitrine;

TEST_CASE("training parts: the clear ones hold the list") {
    test::training_cases(chapters::training_parts());
}
