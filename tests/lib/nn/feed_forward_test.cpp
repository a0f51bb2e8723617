#include "nn/feed_forward.h"

#include <doctest/doctest.h>

#include "parts/feed_forward_cases.h"

using namespace vitrine;

TEST_CASE("activations: the fast ones hold the list") {
    test::activation_cases(fast::activation);
}

TEST_CASE("feed-forward: the fast ones, plain and gated, hold the list") {
    test::feed_forward_cases(fast_parts());
    test::swiglu_cases(fast_parts());
}
