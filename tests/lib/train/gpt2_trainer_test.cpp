// Gradients and 30 steps of training against transformers and torch in float64
// (tests/fixtures/README.md).
#include "train/gpt2_trainer.h"

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "golden.h"
#include "io/json.h"
#include "tensor/error.h"
#include "train/adamw.h"
#include "train/muon.h"

using namespace vitrine;
using namespace vitrine::train;
using vitrine::test::fixture;

namespace {

constexpr Index T = 24;

std::unique_ptr<GPT2Trainer> load() {
    auto trainer = std::make_unique<GPT2Trainer>(GPT2Sizes{640, 32, 32, 2, 4, 128});
    trainer->parameters().read(TensorFile::open(fixture("training/gpt2/model.safetensors")));
    return trainer;
}

std::vector<int> batch() {
    const TensorFile file = TensorFile::open(fixture("training/gpt2/grads.safetensors"));
    const auto wide = file.at("input_ids").integers();
    return {wide.begin(), wide.end()};
}

/// Norm of the difference in parts of the norm.
double relative(const Real* got, const std::vector<float>& expected) {
    double apart = 0, size = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        apart += std::pow(double(got[i]) - double(expected[i]), 2);
        size += std::pow(double(expected[i]), 2);
    }
    return std::sqrt(apart / size);
}

}  // namespace

TEST_CASE("gpt2 trainer: the gradient of every parameter is torch's") {
    const auto trainer = load();
    const Loss loss = trainer->gradients(next_token_batch(batch(), T));
    CHECK(loss.count == 4 * 23);
    CHECK(loss.mean() == doctest::Approx(6.471966743469238).epsilon(1e-5));
    const TensorFile file = TensorFile::open(fixture("training/gpt2/grads.safetensors"));
    Parameters& parameters = trainer->parameters();
    CHECK(parameters.list().size() == 28);
    for (std::size_t i = 0; i < parameters.list().size(); ++i) {
        const Parameter& parameter = parameters.list()[i];
        CAPTURE(parameter.name);
        CHECK(relative(parameters.grad(i), file.at(parameter.name).floats()) < 1e-4);
    }
}

TEST_CASE("gpt2 trainer: thirty steps give torch's losses, norms and parameters") {
    const auto trainer = load();
    const Batch rows = next_token_batch(batch(), T);
    Parameters& parameters = trainer->parameters();
    const auto curve = read_json(fixture("training/gpt2/curve.json"), 1U << 20U)["curve"];
    const Schedule schedule{3e-3, 5, 30, 0.1};
    AdamWState state;
    for (Index step = 0; step < 30; ++step) {
        CAPTURE(step);
        const auto& expected = curve[static_cast<std::size_t>(step)];
        parameters.zero_grads();
        const Loss loss = trainer->gradients(rows);
        CHECK(std::abs(loss.mean() - expected["loss"].get<double>()) < 1e-3);
        const double norm = clip_by_norm(parameters.grads(), 1.0);
        CHECK(norm == doctest::Approx(expected["grad_norm"].get<double>()).epsilon(1e-2));
        CHECK(schedule.at(step) == doctest::Approx(expected["lr"].get<double>()).epsilon(1e-9));
        adamw_step(parameters.values(), parameters.grads(), state, schedule.at(step), {},
                   parameters.decays());
    }
    const TensorFile after = TensorFile::open(fixture("training/gpt2/after_30_steps.safetensors"));
    for (std::size_t i = 0; i < parameters.list().size(); ++i) {
        const Parameter& parameter = parameters.list()[i];
        CAPTURE(parameter.name);
        const std::vector<float> expected = after.at(parameter.name).floats();
        double largest = 0;
        for (std::size_t n = 0; n < expected.size(); ++n) {
            largest =
                std::max(largest, std::abs(double(parameters.value(i)[n]) - double(expected[n])));
        }
        CHECK(largest < 2e-3);
    }
}

TEST_CASE(
    "gpt2 trainer: halves of a batch add up to the whole, and runs are the same bit for bit") {
    const std::vector<int> ids = batch();
    const Batch rows = next_token_batch(ids, T);
    const auto whole = load(), halves = load(), again = load();
    whole->gradients(rows);
    again->gradients(rows);
    for (const int begin : {0, 48})
        halves->gradients(next_token_batch({ids.begin() + begin, ids.begin() + begin + 48}, T),
                          0.5);
    const auto grads = whole->parameters().grads();
    double largest = 0;
    for (std::size_t i = 0; i < grads.size(); ++i) {
        largest =
            std::max(largest, std::abs(double(grads[i]) - double(halves->parameters().grads()[i])));
        REQUIRE(grads[i] == again->parameters().grads()[i]);
    }
    CHECK(largest < 1e-6);
}

TEST_CASE("gpt2 trainer: a random model begins at the logarithm of the vocabulary, and learns") {
    bool muon = false;
    SUBCASE("with AdamW") {}
    SUBCASE("with Muon") {
        muon = true;
    }
    GPT2Trainer trainer({100, 16, 32, 2, 4, 64});
    trainer.randomize(7);
    std::vector<int> ids;
    for (int i = 0; i < 8 * 16; ++i) ids.push_back(i * 7 % 100);
    const Batch rows = next_token_batch(ids, 16);
    CHECK(trainer.loss(rows).mean() == doctest::Approx(std::log(100.0)).epsilon(0.02));
    AdamWState state;
    for (int step = 0; step < 60; ++step) {
        trainer.parameters().zero_grads();
        trainer.gradients(rows);
        if (muon) {
            muon_step(trainer.parameters(), state, 1e-2, {});
        } else {
            adamw_step(trainer.parameters().values(), trainer.parameters().grads(), state, 1e-2, {},
                       trainer.parameters().decays());
        }
    }
    CHECK(trainer.loss(rows).mean() < 0.3);  // 100 different pairs, learnt by heart
}

TEST_CASE("gpt2 trainer: the first matrices have the deviation of initializer_range") {
    GPT2Sizes sizes{300, 64, 64, 8, 4, 256};
    sizes.initializer_range = 0.06;
    GPT2Trainer trainer(sizes);
    trainer.randomize(3);
    for (const Parameter& parameter : trainer.parameters().list()) {
        if (parameter.shape.size() != 2) continue;
        double squares = 0;
        for (const Real value : parameter.in(trainer.parameters().values()))
            squares += double(value) * double(value);
        // The matrices that write to the stream are smaller by the root of 2 L = 16.
        const double expected = parameter.name.ends_with("c_proj.weight") ? 0.015 : 0.06;
        CAPTURE(parameter.name);
        CHECK(std::sqrt(squares / double(parameter.size)) ==
              doctest::Approx(expected).epsilon(0.05));
    }
    CHECK(trainer.config().at("initializer_range") == 0.06);
}

TEST_CASE("gpt2 trainer: a row that starts later uses the positions from there") {
    const auto trainer = load(), shifted = load();
    const Index C = 32;
    Parameters& parameters = shifted->parameters();
    const std::size_t wpe = 1;
    REQUIRE(parameters.list()[wpe].name == "transformer.wpe.weight");
    // Positions moved down by 8 and rows that start at 8: the same model.
    std::copy_n(trainer->parameters().value(wpe), 24 * C, parameters.value(wpe) + 8 * C);
    Batch rows = next_token_batch(batch(), T);
    const double expected = trainer->gradients(rows).mean();
    rows.starts.assign(static_cast<std::size_t>(rows.rows()), 8);
    CHECK(shifted->gradients(rows).mean() == expected);
    CHECK(parameters.grad(wpe)[8 * C] == trainer->parameters().grad(wpe)[0]);
    CHECK(parameters.grad(wpe)[0] == 0);
}

TEST_CASE("gpt2 trainer: the first number that is not finite is found, in the order it came up") {
    const auto trainer = load();
    trainer->gradients(next_token_batch(batch(), T));
    CHECK(trainer->first_not_finite().empty());
    Parameters& parameters = trainer->parameters();
    const auto set = [&](const std::string& name, Real value) {
        for (std::size_t i = 0; i < parameters.list().size(); ++i)
            if (parameters.list()[i].name == name) std::fill_n(parameters.value(i), 32, value);
    };
    set("transformer.h.1.ln_2.weight",
        Real(3e38));  // finite, but not what it scales
    trainer->loss(next_token_batch(batch(), T));
    CHECK(trainer->first_not_finite() == "blocks.1.ln2");
    set("transformer.h.0.ln_1.bias", std::numeric_limits<Real>::quiet_NaN());
    CHECK(trainer->first_not_finite() == "transformer.h.0.ln_1.bias");
}

TEST_CASE("gpt2 trainer: what is dropped depends on the key alone, and nothing is without a rate") {
    const auto a = load(), b = load();
    const Batch rows = next_token_batch(batch(), T);
    const double whole = a->loss(rows).mean();
    CHECK(a->gradients(rows, 1.0, {0.0, 5}).mean() == whole);
    const double dropped = a->gradients(rows, 1.0, {0.2, 5}).mean();
    CHECK(b->gradients(rows, 1.0, {0.2, 5}).mean() == dropped);
    CHECK(b->gradients(rows, 1.0, {0.2, 6}).mean() != dropped);
    CHECK(dropped != whole);
}

TEST_CASE(
    "gpt2 trainer: with dropout too, the loss falls along the gradient as the gradient says") {
    const Batch rows = next_token_batch(batch(), T);
    const Dropout dropout{0.3, 11};
    const auto trainer = load();
    Parameters& parameters = trainer->parameters();
    trainer->gradients(rows, 1.0, dropout);
    const std::vector<Real> grads(parameters.grads().begin(), parameters.grads().end());
    double squares = 0;
    for (const Real g : grads) squares += double(g) * double(g);
    const auto loss_at = [&](double step) {
        const auto moved = load();
        for (std::size_t i = 0; i < grads.size(); ++i)
            moved->parameters().values()[i] += static_cast<Real>(step) * grads[i];
        return moved->gradients(rows, 1.0, dropout).mean();
    };
    const double h = 5e-4;
    // Central difference: an error of the order h^2, and rounding of the loss, 1e-6 / h.
    CHECK((loss_at(h) - loss_at(-h)) / (2 * h) == doctest::Approx(squares).epsilon(3e-3));
}

TEST_CASE("gpt2 trainer: ids and lengths that the model does not have are refused") {
    GPT2Trainer trainer({10, 4, 8, 1, 2, 16});
    const std::vector<int> ids{1, 2, 3, 4}, beyond{1, 2, 3, 10};
    CHECK_THROWS_AS(trainer.loss({ids, ids, 5, {}}), ArgumentError);
    CHECK_THROWS_AS(trainer.loss({ids, ids, 3, {}}), ArgumentError);
    CHECK_THROWS_AS(trainer.loss({beyond, ids, 4, {}}), ArgumentError);
    CHECK_THROWS_AS(trainer.loss({ids, ids, 2, {0, 3}}), ArgumentError);
    CHECK_THROWS_AS(trainer.loss({ids, ids, 2, {0}}), ArgumentError);
    CHECK_THROWS_AS(GPT2Trainer({10, 4, 9, 1, 2, 16}), ArgumentError);
    CHECK(trainer.activation_bytes(1, 4) > 0);
}
