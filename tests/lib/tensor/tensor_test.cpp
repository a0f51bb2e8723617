#include "tensor/tensor.h"

#include <doctest/doctest.h>

#include "tensor/error.h"
#include "tensor/shape.h"

using namespace vitrine;

namespace {
Tensor2 counting(Index rows_, Index columns) {
    Tensor2 x = uninitialized<2>({rows_, columns});
    Real next = 0;
    for (Real& value : x) value = next++;
    return x;
}
}  // namespace

TEST_CASE("Ref: a transposed view reads the same numbers the other way, and copies row by row") {
    const Tensor2 x = counting(2, 3);
    const Ref2 t = transpose_last(x);
    CHECK(t.shape == Shape<2>{3, 2});
    CHECK(t(2, 1) == 5);
    CHECK_FALSE(t.contiguous());
    const Tensor2 copy = t.copy();
    CHECK(copy(0, 1) == 3);
    CHECK(copy(2, 0) == 2);
}

TEST_CASE("Ref: as an xtensor expression, strided or not") {
    const Tensor2 x = counting(4, 6);
    const Tensor2 same = Ref2(x).xt() * 2;
    CHECK(same(3, 5) == 46);
    const Tensor2 turned = transpose_last(x).xt() + 1;
    CHECK(turned(5, 3) == 24);
    const Ref3 heads(x.data(), {2, 4, 3}, {3, 6, 1});  // [T, H D] as [H, T, D]
    const Tensor3 copy = heads.xt();
    CHECK(copy(1, 2, 0) == 15);
    CHECK(heads[1](2, 0) == 15);
}

TEST_CASE("rows: a range of rows looks at the same memory") {
    const Tensor2 x = counting(4, 3);
    const Ref2 middle = rows(Ref2(x), 1, 3);
    CHECK(middle.shape == Shape<2>{2, 3});
    CHECK(&middle(0, 0) == &x(1, 0));
}

TEST_CASE("check_shape: names the tensor, what was expected and what came") {
    const Tensor2 x = counting(2, 3);
    check_shape("x", x, {any, 3});
    CHECK_THROWS_WITH_AS(check_shape("x", x, {2, 4}, "as wide as k"),
                         "x: expected [2, 4], got [2, 3] (as wide as k)", ShapeError);
}
