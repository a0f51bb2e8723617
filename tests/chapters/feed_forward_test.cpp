#include "chapters/07_feed_forward/feed_forward.h"

#include <doctest/doctest.h>

#include "parts/feed_forward_cases.h"

using namespace vitrine;

namespace {

Parts clear_parts() {
    Parts parts = fast_parts();
    parts.activation = chapters::activation;
    parts.feed_forward = chapters::feed_forward;
    parts.swiglu = chapters::swiglu;
    return parts;
}

}  // namespace

TEST_CASE("activations: the clear ones hold the list") {
    test::activation_cases(chapters::activation);
}

TEST_CASE("feed-forward: the clear ones, plain and gated, hold the list") {
    test::feed_forward_cases(clear_parts());
    test::swiglu_cases(clear_parts());
}

TEST_CASE("GELU: the two formulas are at most 0.0005 apart") {
    Tensor2 x = uninitialized<2>({1, 1001});
    for (Index i = 0; i <= 1000; ++i) x(0, i) = Real(i - 500) / 100;
    CHECK(test::largest_difference(chapters::gelu(x), chapters::gelu_exact(x)) < 5e-4);
}
