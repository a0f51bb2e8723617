#include "nn/layer_norm.h"

#include <doctest/doctest.h>

#include "parts/layer_norm_cases.h"

using namespace vitrine;

TEST_CASE("layer norm: the fast one holds the list") {
    test::layer_norm_cases(fast::layer_norm);
}

TEST_CASE("RMSNorm: the fast one holds the list") {
    test::rms_norm_cases(fast::rms_norm);
}
