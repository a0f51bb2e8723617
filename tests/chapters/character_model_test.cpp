#include "chapters/10_training/character_model.h"

#include <doctest/doctest.h>

#include <cmath>

#include "chapters/10_training/training.h"
#include "tensor/error.h"

using namespace vitrine;
using chapters::CharacterModel;
using chapters::CharacterText;

namespace {

CharacterText some_text() {
    std::string text;
    for (int i = 0; i < 40; ++i)
        text += "to be, or not to be: that is the question " + std::to_string(i);
    return chapters::read_characters(text);
}

}  // namespace

TEST_CASE("character model: about 20,000 parameters, and a loss that begins at ln V") {
    const CharacterText text = some_text();
    const CharacterModel model(65, 1), small(text.vocabulary(), 1);
    CHECK(model.state.values.size() == 20000);
    Random random(2);
    const std::vector<int> ids = chapters::random_windows(text, 4, random);
    // Logits of deviation 0.1 sqrt(32) = 0.6 raise the expected loss by half their variance.
    CHECK(small.loss(fast_parts(), train::fast_training_parts(), ids) ==
          doctest::Approx(std::log(double(text.vocabulary())) + 0.16).epsilon(0.1));
}

TEST_CASE("character model: the gradient of every parameter is what the loss does") {
    const CharacterText text = some_text();
    CharacterModel model(text.vocabulary(), 3);
    Random random(4);
    const std::vector<int> ids = chapters::random_windows(text, 4, random);
    const auto& training = train::fast_training_parts();
    model.add_gradients(fast_parts(), training, ids);
    const std::vector<Real> grads = model.state.grads, values = model.state.values;
    for (const CharacterModel::Parameter& each : model.parameters()) {
        CAPTURE(each.name);
        double norm = 0;
        for (Index i = each.begin; i < each.begin + each.size(); ++i)
            norm += std::pow(double(grads[std::size_t(i)]), 2);
        norm = std::sqrt(norm);
        REQUIRE(norm > 1e-4);
        // Along its own gradient the loss rises by the gradient's length. float32 logits leave
        // about 1e-7 of noise in the mean loss, the curvature about h^2.
        const double h = 0.02;
        const auto moved = [&](double far) {
            model.state.values = values;
            for (Index i = each.begin; i < each.begin + each.size(); ++i)
                model.state.values[std::size_t(i)] +=
                    Real(far / norm * double(grads[std::size_t(i)]));
            return model.loss(fast_parts(), training, ids);
        };
        CHECK((moved(h) - moved(-h)) / (2 * h) == doctest::Approx(norm).epsilon(0.02));
    }
}

TEST_CASE("character model: the clear and the fast parts give the same gradients") {
    const CharacterText text = some_text();
    CharacterModel fast(text.vocabulary(), 5), clear(text.vocabulary(), 5);
    Random random(6);
    const std::vector<int> ids = chapters::random_windows(text, 2, random);
    const double one = fast.add_gradients(fast_parts(), train::fast_training_parts(), ids);
    const double other = clear.add_gradients(fast_parts(), chapters::training_parts(), ids);
    CHECK(one == doctest::Approx(other).epsilon(1e-6));
    double apart = 0, size = 0;
    for (std::size_t i = 0; i < fast.state.grads.size(); ++i) {
        apart += std::pow(double(fast.state.grads[i]) - double(clear.state.grads[i]), 2);
        size += std::pow(double(fast.state.grads[i]), 2);
    }
    CHECK(std::sqrt(apart / size) < 1e-5);
}

TEST_CASE("character model: it learns a text by heart, the same way each time") {
    const CharacterText text = some_text();
    const auto& training = train::fast_training_parts();
    const auto losses = [&] {
        CharacterModel model(text.vocabulary(), 7);
        Random random(8);
        std::vector<double> result;
        for (int step = 0; step < 150; ++step) {
            result.push_back(training.train_step(training, model.state,
                                                 [&] {
                                                     return model.add_gradients(
                                                         fast_parts(), training,
                                                         chapters::random_windows(text, 8, random));
                                                 },
                                                 {0.01, 10, 150, 0.1}, {}));
        }
        const std::string written = model.write(fast_parts(), text, "to be, or not", 12, 0, 9);
        CHECK(written == " to be: that");
        return result;
    };
    const std::vector<double> first = losses();
    CHECK(first.front() > 2.5);
    CHECK(first.back() < 0.7);
    CHECK(first == losses());
}

TEST_CASE("character model: a text too short, a prompt of other characters") {
    CHECK_THROWS_AS(chapters::read_characters("short"), TextError);
    const CharacterText text = some_text();
    const CharacterModel model(text.vocabulary(), 1);
    CHECK_THROWS_AS(model.write(fast_parts(), text, "@", 1, 1, 1), TextError);
}
