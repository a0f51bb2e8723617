#include "tensor/tensor.h"

#include <doctest/doctest.h>

#include "tensor/error.h"
#include "tensor/random.h"
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

// xoshiro256** 1.0 started from the state 1, 2, 3, 4 gives 11520, 0, 1509978240,
// 1215971899390074240 (the reference implementation's first outputs); ours is started by
// splitmix64, whose first output from 0 is 0xe220a8397b1dcdaf (Vigna's splitmix64.c).
TEST_CASE("Random: the same numbers everywhere, evenly and normally spread") {
    Random a(42), b(42), c(43);
    CHECK(a.bits() == b.bits());
    CHECK(a.bits() != c.bits());
    Random random(7);
    constexpr int n = 200000;
    double sum = 0, squares = 0, normal_sum = 0, normal_squares = 0, fourth = 0;
    for (int i = 0; i < n; ++i) {
        const double u = random.uniform();
        REQUIRE((u >= 0 && u < 1));
        sum += u;
        squares += u * u;
        const double z = random.normal();
        normal_sum += z;
        normal_squares += z * z;
        fourth += z * z * z * z;
    }
    // Five standard errors of each mean.
    CHECK(std::abs(sum / n - 0.5) < 5 * 0.2887 / std::sqrt(n));
    CHECK(std::abs(squares / n - 1 / 3.0) < 5 * 0.298 / std::sqrt(n));
    CHECK(std::abs(normal_sum / n) < 5 / std::sqrt(n));
    CHECK(std::abs(normal_squares / n - 1) < 5 * 1.4142 / std::sqrt(n));
    CHECK(std::abs(fourth / n - 3) < 5 * 9.8 / std::sqrt(n));
}

TEST_CASE("Random: below n is in range and reaches every number") {
    Random random(1);
    std::array<int, 7> seen{};
    for (int i = 0; i < 7000; ++i) ++seen[random.below(7)];
    for (const int count : seen) CHECK(std::abs(count - 1000) < 5 * 30);
    CHECK_THROWS_AS(random.below(0), ArgumentError);
}
