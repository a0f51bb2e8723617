#include "kernels/matmul.h"

#include <doctest/doctest.h>

#include "golden.h"
#include "tensor/error.h"
#include "tensor/random.h"

using namespace vitrine;
using namespace vitrine::test;

namespace {

Tensor2 plain_product(Ref2 a, Ref2 b) {
    Tensor2 result = zeros<2>({a.shape[0], b.shape[1]});
    for (Index m = 0; m < a.shape[0]; ++m) {
        for (Index n = 0; n < b.shape[1]; ++n) {
            double sum = 0;
            for (Index k = 0; k < a.shape[1]; ++k) sum += double(a(m, k)) * double(b(k, n));
            result(m, n) = static_cast<Real>(sum);
        }
    }
    return result;
}

}  // namespace

// Bound: 12 products of numbers around 1.
TEST_CASE("matmul: views of every kind of stride") {
    Random random(11);
    const Tensor2 a = random_normal<2>(random, {9, 12}), b = random_normal<2>(random, {12, 10});
    const Ref2 every_second(a.data(), {4, 12}, {24, 1});
    const Ref2 one_row_again(a.data(), {5, 12}, {0, 1});  // broadcast
    const Ref2 windows(a.data(), {5, 12}, {3, 1});        // rows that overlap
    const Ref2 one_column(b.data(), {12, 1}, {10, 1});
    const Ref2 reversed(b.data() + 9, {12, 10}, {10, -1});
    for (const Ref2& left : {Ref2(a), every_second, one_row_again, windows, rows(Ref2(a), 2, 3)}) {
        for (const Ref2& right : {Ref2(b), one_column, reversed}) {
            CHECK(largest_difference(matmul(left, right), plain_product(left, right)) < 1e-5);
        }
    }
    const Tensor2 c = random_normal<2>(random, {10, 12});
    CHECK(largest_difference(matmul(a, transpose_last(c)), plain_product(a, transpose_last(c))) <
          1e-5);
    CHECK(largest_difference(matmul(transpose_last(b), transpose_last(a)),
                             plain_product(transpose_last(b), transpose_last(a))) < 1e-5);
}

TEST_CASE("matmul: empty sides give empty results, an empty sum gives zeros") {
    CHECK(matmul(Tensor2(zeros<2>({0, 3})), Tensor2(zeros<2>({3, 4}))).size() == 0);
    CHECK(matmul(Tensor2(zeros<2>({2, 0})), Tensor2(zeros<2>({0, 4}))) == zeros<2>({2, 4}));
    CHECK_THROWS_AS(matmul(Tensor2(zeros<2>({2, 3})), Tensor2(zeros<2>({4, 2}))), ShapeError);
}

TEST_CASE("matmul: rows that overlap, which no library takes, are an error and not garbage") {
    const Tensor2 a = zeros<2>({4, 4});
    Tensor2 c = zeros<2>({4, 4});
    CHECK_THROWS_AS(sgemm(false, false, 4, 4, 4, a.data(), 2, a.data(), 4, c.data(), 4),
                    ShapeError);
}

TEST_CASE("linear maps wider than a block of columns and longer than a group of rows") {
    Random random(12);
    const Tensor2 weight = random_normal<2>(random, {37, 2100});
    for (const Index N : {1, 4, 6}) {
        const Tensor2 x = random_normal<2>(random, {N, 37});
        Tensor2 out = uninitialized<2>({N, 2100});
        multiply(x, {weight.data(), 37, 2100, 2100, false, DType::float32}, out.data());
        CHECK(largest_difference(out, plain_product(x, weight)) < 5e-5);
        const Tensor2 turned = transpose_last(weight).copy();
        multiply(x, {turned.data(), 37, 2100, 37, true, DType::float32}, out.data());
        CHECK(largest_difference(out, plain_product(x, weight)) < 5e-5);
    }
}
