// The fast parts against float64 torch (tests/fixtures/README.md).
#include "nn/parts.h"

#include <doctest/doctest.h>

#include "kernels/matmul.h"
#include "nn/attention.h"
#include "nn/feed_forward.h"
#include "nn/heads.h"
#include "parts/attention_cases.h"
#include "tensor/error.h"
#include "tensor/random.h"

using namespace vitrine;
using namespace vitrine::test;

namespace {
TensorFile part(const char* name) {
    return TensorFile::open(fixture(std::string("parts/") + name + ".safetensors"));
}

/// A [1, n] row of a rank 1 golden.

}  // namespace

TEST_CASE("attention: the fast one holds the list") {
    attention_cases(fast::attention);
}

TEST_CASE("linear: equals torch") {
    const TensorFile file = part("linear");
    const Linear linear(Matrix(golden<2>(file, "weight")), golden<1>(file, "bias"));
    CHECK(largest_difference(linear(golden<2>(file, "x")), golden<2>(file, "output")) < 2e-5);
    CHECK_THROWS_AS(linear(Tensor2(zeros<2>({2, 5}))), ShapeError);
}

TEST_CASE("matmul: any strides give what the plain sum gives") {
    Random random(5);
    const Tensor3 a = random_normal<3>(random, {2, 5, 7}), b = random_normal<3>(random, {2, 9, 7});
    const Tensor3 c = matmul(a, transpose_last(b));
    for (Index h = 0; h < 2; ++h) {
        for (Index i = 0; i < 5; ++i) {
            for (Index j = 0; j < 9; ++j) {
                double sum = 0;
                for (Index k = 0; k < 7; ++k) sum += double(a(h, i, k)) * double(b(h, j, k));
                CHECK(double(c(h, i, j)) == doctest::Approx(sum).epsilon(1e-5));
            }
        }
    }
    CHECK_THROWS_AS(matmul(a, b), ShapeError);
}

TEST_CASE("linear: float16, bfloat16, transposed and column ranges give the widened product") {
    Random random(6);
    for (const Index N : {1, 3, 4, 5, 40}) {
        for (const DType dtype : {DType::float16, DType::bfloat16, DType::float32}) {
            for (const bool transposed : {false, true}) {
                const Index in = 70, out = 130;
                const Tensor2 weight = transposed ? random_normal<2>(random, {out, in})
                                                  : random_normal<2>(random, {in, out});
                const auto stored = std::make_shared<TensorToWrite>(to_write(
                    std::span<const float>(weight.data(), weight.size()), {in, out}, dtype));
                Matrix matrix;
                matrix.data = stored->bytes.data();
                matrix.rows = in;
                matrix.columns = out;
                matrix.leading = transposed ? in : out;
                matrix.transposed = transposed;
                matrix.dtype = dtype;
                matrix.keep_alive = stored;
                const Matrix part = matrix.column_range(17, 117);
                const Tensor2 x = random_normal<2>(random, {N, in});
                const Tensor2 wide = part.values();
                const Tensor2 y = Linear(part)(x);
                double largest = 0;
                for (Index n = 0; n < N; ++n) {
                    for (Index c = 0; c < 100; ++c) {
                        double sum = 0;
                        for (Index k = 0; k < in; ++k) sum += double(x(n, k)) * double(wide(k, c));
                        largest = std::max(largest, std::abs(sum - double(y(n, c))));
                    }
                }
                INFO("N ", N, " dtype ", int(dtype), " transposed ", transposed);
                CHECK(largest < 1e-4);  // 70 products of numbers around 1
            }
        }
    }
}
