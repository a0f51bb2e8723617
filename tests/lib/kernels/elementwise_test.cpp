#include "kernels/elementwise.h"

#include <doctest/doctest.h>

#include "golden.h"

using namespace vitrine;
using namespace vitrine::test;

namespace {

constexpr Real infinity = std::numeric_limits<Real>::infinity();

Tensor2 softmax_rows(Tensor2 x) {
    const auto [N, C] = shape2(x);
    for (Index n = 0; n < N; ++n) softmax_row(x.data() + n * C, C);
    return x;
}

}  // namespace

TEST_CASE("softmax: equals torch, with large and infinite scores too") {
    // A few roundings of a number up to 1; rounding scores of 1,000 to float32 on disk alone moves
    // the result by 1e-6.
    const std::pair<std::string, double> files[] = {{"softmax", 5e-7}, {"softmax_extreme", 2e-6}};
    for (const auto& [name, bound] : files) {
        const auto& label = name;  // clang 14 captures no bindings
        INFO(label);
        const TensorFile file = TensorFile::open(fixture("parts/" + name + ".safetensors"));
        CHECK(largest_difference(softmax_rows(golden<2>(file, "x")), golden<2>(file, "output")) <
              bound);
    }
}

TEST_CASE("softmax: a row that is hidden throughout gives zeros, one visible place gives 1") {
    const Tensor2 rows =
        softmax_rows({{-infinity, -infinity, -infinity}, {-infinity, 3, -infinity}});
    CHECK(rows == Tensor2({{0, 0, 0}, {0, 1, 0}}));
}

TEST_CASE("softmax: the lowest finite score is not hidden, and what is no number stays none") {
    constexpr Real lowest = std::numeric_limits<Real>::lowest();
    CHECK(softmax_rows({{lowest, lowest}}) == Tensor2({{0.5F, 0.5F}}));
    CHECK(softmax_rows({{lowest, -infinity}}) == Tensor2({{1, 0}}));
    const Tensor2 broken = softmax_rows({{1, std::numeric_limits<Real>::quiet_NaN()}});
    CHECK(std::isnan(broken(0, 1)));
    CHECK(std::isnan(vector_exp(std::numeric_limits<Real>::quiet_NaN())));
}

TEST_CASE("vector_exp: within 2e-7 of the exact value, and 0 far below") {
    double largest = 0.0;
    for (double x = -87.0; x <= 88.0; x += 0.0137) {
        const auto argument = static_cast<Real>(x);
        const double exact = std::exp(static_cast<double>(argument));
        largest = std::max(largest, std::abs(double(vector_exp(argument)) - exact) / exact);
    }
    CHECK(largest < 2e-7);
    CHECK(vector_exp(0) == 1);
    CHECK(vector_exp(-200) == 0);
    CHECK(vector_exp(-infinity) == 0);
    CHECK(std::isfinite(vector_exp(1000)));
}

TEST_CASE("layer norm: numbers far from zero keep their small differences") {
    // 4096 + {0, 1, 2, 3}: mean 4097.5, variance 1.25
    const Real x[] = {4096, 4097, 4098, 4099};
    const Real gain[] = {1, 1, 1, 1}, bias[] = {0, 0, 0, 0};
    Real out[4];
    layer_norm_row(x, gain, bias, 0, 4, out);
    for (int i = 0; i < 4; ++i) {
        CHECK(double(out[i]) == doctest::Approx((i - 1.5) / std::sqrt(1.25)).epsilon(1e-6));
    }
}
