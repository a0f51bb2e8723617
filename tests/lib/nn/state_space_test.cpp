#include "nn/state_space.h"

#include <doctest/doctest.h>

#include "golden.h"
#include "tensor/error.h"

using namespace vitrine;
using namespace vitrine::test;

// Bound: the golden ran in float64; values are up to about 5.
TEST_CASE("the selective scan equals the recurrence, whole and from a state on") {
    const TensorFile file = TensorFile::open(fixture("parts/selective_scan.safetensors"));
    const Tensor2 u = golden<2>(file, "u"), delta = golden<2>(file, "delta"),
                  A = golden<2>(file, "A"), B = golden<2>(file, "B"), C = golden<2>(file, "C"),
                  expected = golden<2>(file, "output");
    const Tensor1 D = golden<1>(file, "D");
    const auto E = Index(A.shape()[0]), N = Index(A.shape()[1]);
    Tensor2 state = zeros<2>({E, N});
    Tensor3 states;
    CHECK(largest_difference(selective_scan({u, delta, A, B, C, D}, state, &states), expected) <
          1e-5);
    CHECK(largest_difference(states, golden<3>(file, "states")) < 1e-5);
    Tensor2 one = zeros<2>({E, N});
    for (Index t = 0; t < Index(u.shape()[0]); ++t) {
        const auto at = [&](const Tensor2& all) { return rows(Ref2(all), t, t + 1); };
        CHECK(largest_difference(selective_scan({at(u), at(delta), A, at(B), at(C), D}, one),
                                 at(expected).copy()) < 1e-5);
    }
    CHECK(one == state);
    CHECK_THROWS_AS(selective_scan({u, A, A, B, C, D}, state), ShapeError);
}

TEST_CASE("the causal convolution weighs what came before, across calls") {
    const Tensor2 x{{1, 10}, {2, 20}, {3, 30}}, weight{{0.5F, 2, 4}, {0, 0, 1}};
    const Tensor1 bias{0.25F, -1};
    // channel 0: 0.25 + 0.5 x[t-2] + 2 x[t-1] + 4 x[t]; channel 1: x[t] - 1
    const Tensor2 expected{{4.25F, 9}, {10.25F, 19}, {16.75F, 29}};
    Tensor2 past = zeros<2>({2, 2});
    CHECK(causal_convolution(x, weight, bias, past) == expected);
    CHECK(past == Tensor2{{2, 20}, {3, 30}});
    Tensor2 stepped = zeros<2>({2, 2});
    for (Index t = 0; t < 3; ++t) {
        CHECK(causal_convolution(rows(Ref2(x), t, t + 1), weight, bias, stepped) ==
              rows(Ref2(expected), t, t + 1).copy());
    }
    CHECK(stepped == past);
}
