#include "tensor/print.h"

#include <doctest/doctest.h>

#include <limits>

using namespace vitrine;

TEST_CASE("print: shape first, columns aligned, infinities and NaN visible") {
    const Real inf = std::numeric_limits<Real>::infinity();
    const Tensor2 x{{0.5F, -inf, 1.25F}, {std::numeric_limits<Real>::quiet_NaN(), 0, -3}};
    CHECK(to_text("scores", x) ==
          "scores [2, 3]\n"
          "   0.5000    -inf  1.2500\n"
          "      nan  0.0000 -3.0000\n");
}

TEST_CASE("print: long dimensions are shortened, tiny and huge numbers keep their digits") {
    Tensor1 x = zeros<1>({100});
    x(0) = 1e-7F;
    x(99) = 2.5e9F;
    CHECK(to_text("x", x, {.decimals = 2, .edge = 2}) ==
          "x [100]\n"
          "  1.00e-07     0.00      ...     0.00 2.50e+09\n");
}

TEST_CASE("print: slices of higher ranks say which they are, strided views included") {
    Tensor3 x = zeros<3>({2, 1, 2});
    x(1, 0, 1) = 7;
    CHECK(to_text("x", transpose_last(x)) ==
          "x [2, 2, 1]\n"
          " [0, :, :]\n  0.0000\n  0.0000\n"
          " [1, :, :]\n  0.0000\n  7.0000\n");
    CHECK(to_text("y", zeros<4>({1, 1, 1, 1})) == "y [1, 1, 1, 1]\n [0, 0, :, :]\n  0.0000\n");
}
