#include "viz/app/engine.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "io/assets.h"

using namespace vitrine;
using namespace vitrine::viz;

namespace {

/// Looks again and again until it is true: the worker has a thread of its own.
template <class Condition>
bool comes_true(const Condition& condition) {
    for (int i = 0; i < 6000; ++i) {
        if (condition()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

Sampling greedy() {
    Sampling sampling;
    sampling.temperature = 0.0F;
    return sampling;
}

}  // namespace

TEST_CASE("engine: of many texts the newest is the one that is shown") {
    Engine engine(load_with_tokenizer(bundled_model_folder()));
    std::string text;
    for (int i = 0; i < 40; ++i) {
        text += "the king ";
        engine.request(text);
    }
    engine.wait();
    REQUIRE(engine.run());
    CHECK(engine.run()->text == text);
    CHECK(engine.error().empty());
    CHECK(engine.run()->positions() == static_cast<Index>(engine.run()->encoding.ids.size()));
}

TEST_CASE("engine: a run holds every activation, and its numbers are those of the model") {
    const auto model = load_with_tokenizer(bundled_model_folder());
    Engine engine(model);
    engine.request("The king said");
    engine.wait();
    const auto run = engine.run();
    REQUIRE(run);
    CHECK(run->has_start);
    CHECK(run->forward_seconds > 0);
    const Index L = model->info().layers;
    for (Index layer = 0; layer < L; ++layer) {
        for (const char* name : {"attn.q", "attn.pattern", "attn.scores", "resid_post"}) {
            CHECK(run->at(layer, name) != nullptr);
        }
    }
    const Sequence sequence{run->encoding.ids, nullptr, nullptr};
    const Tensor2 logits = model->language()->forward({&sequence, 1}).front();
    REQUIRE(logits.size() == run->logits.size());
    for (std::size_t i = 0; i < logits.size(); i += 97) {
        CHECK(logits.data()[i] == run->logits.data()[i]);
    }
}

TEST_CASE("engine: a text longer than the model's positions is cut, and says so") {
    Engine engine(load_with_tokenizer(bundled_model_folder()));
    std::string text;
    for (int i = 0; i < 400; ++i) text += "word ";
    engine.request(text);
    engine.wait();
    CHECK(engine.run()->truncated);
    CHECK(engine.run()->positions() == engine.run()->model->info().max_positions);
    engine.generate(greedy());
    engine.wait();
    CHECK(engine.generation().finish == "positions");
}

TEST_CASE("engine: a step adds one token, the likeliest if greedy") {
    Engine engine(load_with_tokenizer(bundled_model_folder()));
    engine.request("The king said to his");
    engine.wait();
    const auto before = engine.run();
    engine.step(greedy());
    engine.wait();
    const auto after = engine.run();
    REQUIRE(after->positions() == before->positions() + 1);
    const Index V = before->model->info().vocabulary;
    const Real* last = before->logits.data() + (before->positions() - 1) * V;
    const auto likeliest = std::max_element(last, last + V) - last;
    CHECK(after->encoding.ids.back() == likeliest);
    CHECK(engine.take_generated_text() == after->text);
    CHECK_FALSE(engine.take_generated_text());
}

TEST_CASE("engine: generation grows the text until it is stopped") {
    Engine engine(load_with_tokenizer(bundled_model_folder()));
    engine.request("Once upon a time");
    engine.wait();
    const Index before = engine.run()->positions();
    engine.generate(greedy());
    CHECK(comes_true([&] { return engine.run()->positions() >= before + 3; }));
    engine.stop();
    engine.wait();
    CHECK_FALSE(engine.generation().running);
    CHECK(engine.generation().finish == "stopped");
    CHECK(engine.generation().tokens_per_second > 0);
    CHECK(engine.run()->text.rfind("Once upon a time", 0) == 0);
}

TEST_CASE("engine: typing ends generation, and the generated text does not come after it") {
    Engine engine(load_with_tokenizer(bundled_model_folder()));
    engine.request("Once upon a time");
    engine.wait();
    const Index before = engine.run()->positions();
    engine.generate(greedy());
    CHECK(comes_true([&] { return engine.run()->positions() > before; }));
    engine.request("왕이");
    CHECK_FALSE(engine.take_generated_text());
    engine.wait();
    CHECK_FALSE(engine.take_generated_text());
    CHECK(engine.run()->text == "왕이");
    CHECK_FALSE(engine.generation().running);
}

TEST_CASE("engine: closing while it works ends at once") {
    const auto model = load_with_tokenizer(bundled_model_folder());
    for (int i = 0; i < 5; ++i) {
        Engine engine(model);
        engine.request("Once upon a time there was a king");
        if (i % 2 == 1) engine.generate(greedy());
    }
}
