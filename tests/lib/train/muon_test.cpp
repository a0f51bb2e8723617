#include "train/muon.h"
#include "tensor/error.h"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <vector>

#include "tensor/error.h"
#include "train/gpt2_trainer.h"

using namespace vitrine;
using namespace vitrine::train;

namespace {

/// What five steps of the polynomial make of a singular value that is `share` of the norm.
double brought_near_one(double share) {
    double x = share;
    for (int step = 0; step < 5; ++step)
        x = 3.4445 * x - 4.7750 * std::pow(x, 3) + 2.0315 * std::pow(x, 5);
    return x;
}

}  // namespace

TEST_CASE("muon: each singular value goes through the polynomial, the directions stay") {
    // diag(3, -4): the norm is 5.
    std::vector<Real> x{3, 0, 0, -4};
    orthogonalize(x, 2, 2);
    CHECK(x[0] == doctest::Approx(brought_near_one(0.6)).epsilon(1e-5));
    CHECK(x[3] == doctest::Approx(-brought_near_one(0.8)).epsilon(1e-5));
    CHECK(std::abs(x[1]) < 1e-6);
    CHECK(std::abs(x[2]) < 1e-6);

    // The same, turned by 30 degrees on the left, and with a column of zeros: wide, then tall.
    const Real c = std::sqrt(Real{3}) / 2, s = Real{0.5};
    std::vector<Real> wide{3 * c, 4 * s, 0, 3 * s, -4 * c, 0};
    std::vector<Real> tall{3 * c, 3 * s, 4 * s, -4 * c, 0, 0};
    orthogonalize(wide, 2, 3);
    orthogonalize(tall, 3, 2);
    const auto large = static_cast<Real>(brought_near_one(0.8));
    const auto small = static_cast<Real>(brought_near_one(0.6));
    const std::array<Real, 6> expected{small * c, large * s, 0, small * s, -large * c, 0};
    for (std::size_t i = 0; i < 6; ++i) {
        CHECK(wide[i] == doctest::Approx(expected[i]).epsilon(1e-5));
        CHECK(tall[i % 3 * 2 + i / 3] == doctest::Approx(expected[i]).epsilon(1e-5));
    }
}

TEST_CASE("muon: whatever the sizes, singular values end between 0.6 and 1.3") {
    for (const double share : {0.02, 0.05, 0.1, 0.3, 0.6, 1.0}) {
        CHECK(brought_near_one(share) > 0.6);
        CHECK(brought_near_one(share) < 1.3);
    }
    std::vector<Real> nothing(6, 0);
    orthogonalize(nothing, 2, 3);
    for (const Real value : nothing) CHECK(value == 0);
}

TEST_CASE("muon: one step of a model moves each matrix of a block by its share of the rate") {
    GPT2Trainer trainer({40, 8, 16, 1, 2, 64});
    trainer.randomize(5);
    std::vector<int> ids;
    for (int i = 0; i < 32; ++i) ids.push_back(i * 7 % 40);
    Parameters& parameters = trainer.parameters();
    trainer.gradients(next_token_batch(ids, 8));
    const std::vector<Real> before(parameters.values().begin(), parameters.values().end());

    AdamWState state;
    AdamWOptions options;
    options.weight_decay = 0;
    muon_step(parameters, state, 1e-2, options);
    CHECK(state.step == 1);
    for (const Parameter& parameter : parameters.list()) {
        CAPTURE(parameter.name);
        double squares = 0;
        const auto now = parameter.in(parameters.values()), then = parameter.in(before);
        for (std::size_t i = 0; i < now.size(); ++i)
            squares += std::pow(double(now[i]) - double(then[i]), 2);
        const double rms = std::sqrt(squares / double(now.size()));
        if (parameter.name.find("c_") == std::string::npos || parameter.shape.size() != 2) {
            CHECK(rms < 1.01e-2);  // AdamW: at most the rate
            continue;
        }
        // 0.2 of the rate where every singular value is 1; gradients of few rows have fewer.
        CHECK(rms > 0.05 * 1e-2);
        CHECK(rms < 0.25 * 1e-2);
    }
}

TEST_CASE("optimizers: averages of another model are refused") {
    GPT2Trainer trainer({40, 8, 16, 1, 2, 64});
    AdamWState state;
    state.mean.assign(3, 0);
    state.square.assign(3, 0);
    state.step = 1;
    CHECK_THROWS_WITH_AS(muon_step(trainer.parameters(), state, 1e-2, {}),
                         doctest::Contains("optimizer state"), ArgumentError);
    std::vector<Real> values(4), grads(4);
    CHECK_THROWS_AS(adamw_step(values, grads, state, 1e-2, {}, {}), ArgumentError);
    CHECK(state.step == 1);
}
