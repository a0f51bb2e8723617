#include "train/adamw.h"

#include <doctest/doctest.h>

#include "golden.h"
#include "tensor/error.h"

using namespace vitrine;
using namespace vitrine::train;
using vitrine::test::fixture;
using vitrine::test::golden;
using vitrine::test::largest_difference;

TEST_CASE("AdamW: four steps are torch's") {
    const TensorFile file = TensorFile::open(fixture("parts/adamw_lr_0_01_decay_0_1.safetensors"));
    Tensor2 values = golden<2>(file, "start");
    AdamWState state;
    const AdamWOptions options{0.9, 0.999, 1e-8, 0.1};
    const std::vector<Index> all{0, static_cast<Index>(values.size())};
    for (int step = 0; step < 4; ++step) {
        const Tensor2 grad = golden<2>(file, "grad_" + std::to_string(step));
        adamw_step({values.data(), values.size()}, {grad.data(), grad.size()}, state, 0.01, options,
                   all);
        CHECK(largest_difference(values, golden<2>(file, "after_" + std::to_string(step))) < 1e-6);
    }
}

TEST_CASE("AdamW: without a gradient only what decays shrinks") {
    std::vector<Real> values{1, 1, 1, 1};
    const std::vector<Real> grads(4, 0);
    AdamWState state;
    const std::vector<Index> middle{1, 3};
    adamw_step(values, grads, state, 0.1, {0.9, 0.95, 1e-8, 0.5}, middle);
    CHECK(values == std::vector<Real>{1, 0.95F, 0.95F, 1});
    std::vector<Real> fewer(3);
    CHECK_THROWS_AS(adamw_step(fewer, fewer, state, 0.1, {}, {}), ArgumentError);
}

TEST_CASE("clipping: a norm of 5 becomes 1, a smaller one stays") {
    std::vector<Real> grads{3, 4};
    CHECK(clip_by_norm(grads, 1.0) == doctest::Approx(5.0));
    CHECK(double(grads[0]) == doctest::Approx(0.6));
    CHECK(clip_by_norm(grads, 2.0) == doctest::Approx(1.0));
    CHECK(double(grads[1]) == doctest::Approx(0.8));
}

TEST_CASE("schedule: warm-up, cosine, and its floor") {
    const Schedule schedule{1.0, 4, 100, 0.1};
    CHECK(schedule.at(0) == doctest::Approx(0.25));
    CHECK(schedule.at(50) == doctest::Approx(0.55));
    CHECK(schedule.at(100) == doctest::Approx(0.1));
    CHECK(schedule.at(1000) == doctest::Approx(0.1));
}
