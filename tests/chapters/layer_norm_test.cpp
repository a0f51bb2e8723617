#include "chapters/06_layer_norm/layer_norm.h"

#include <doctest/doctest.h>

#include "parts/layer_norm_cases.h"

using namespace vitrine;

TEST_CASE("layer norm: the clear one holds the list") {
    test::layer_norm_cases(chapters::layer_norm);
}

TEST_CASE("RMSNorm: the clear one holds the list") {
    test::rms_norm_cases(chapters::rms_norm);
}

TEST_CASE("residual block: before the branch or after the sum, by either norm") {
    const Tensor2 x{{1, 3}};
    const auto doubled = [](Ref2 in) { return Tensor2(2 * in.xt()); };
    const NormWeights weights{Tensor1{1, 1}, {}, 0.0F};
    CHECK(test::largest_difference(chapters::residual_block(x, weights, false, doubled),
                                   Tensor2{{-1, 5}}) < 1e-6);
    CHECK(test::largest_difference(chapters::residual_block(x, weights, true, doubled),
                                   Tensor2{{-1, 1}}) < 1e-6);
}
