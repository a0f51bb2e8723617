#include "viz/views/timeline.h"

#include <doctest/doctest.h>

#include <cmath>

#include "model_of_words.h"
#include "tests/viz/view_stage.h"
#include "viz/app/engine.h"
#include "viz/views/timeline_parts.h"

using namespace vitrine;
using namespace vitrine::viz;

TEST_CASE("timeline: a moment is what the model gave the token before it came") {
    const auto model = bundled_model();
    const auto run = run_text(model, "The king said to his daughter");
    const auto moments = moments_of(*run);
    REQUIRE(moments.size() == std::size_t(run->positions()));
    // The same position as the last of a shorter text: a causal model can't tell the difference.
    const auto shorter = run_text(model, "The king said to his");
    const Index V = model->info().vocabulary, last = shorter->positions() - 1;
    const int came = run->encoding.ids[std::size_t(last + 1)];
    double sum = 0, entropy = 0;
    for (Index i = 0; i < V; ++i) sum += std::exp(double(shorter->logits(last, i)));
    for (Index i = 0; i < V; ++i) {
        const double p = std::exp(double(shorter->logits(last, i))) / sum;
        if (p > 0) entropy -= p * std::log2(p);
    }
    const Moment& moment = moments[std::size_t(last + 1)];
    CHECK(moment.probability ==
          doctest::Approx(std::exp(double(shorter->logits(last, came))) / sum).epsilon(1e-3));
    CHECK(moment.entropy == doctest::Approx(entropy).epsilon(1e-3));
    CHECK(moment.rank == 2);  // wife, daughter
}

TEST_CASE("timeline: the cache takes 2 L K D numbers a position") {
    ModelInfo info;
    info.layers = 6;
    info.kv_heads = 8;
    info.head_width = 32;
    CHECK(cache_bytes_a_position(info) == 12288);
}

TEST_CASE("timeline: a state-space model has a state that never grows instead of a cache") {
    const vitrine::test::ModelOfWords words("mamba");
    Engine engine(load_with_tokenizer(words.path()));
    engine.request("w5 w17 w23");
    engine.wait();
    ViewStage stage;
    stage.run = engine.run();
    // 3 blocks of (4 - 1) x 64 inputs of the convolution and 64 x 8 numbers of the state.
    CHECK(state_bytes(*stage.run->model->language()) == 3 * (3 * 64 + 64 * 8) * 4);
    CHECK(state_bytes(*bundled_model()->language()) == 0);
    stage.settle(draw_timeline);
    CHECK(stage.text_of(draw_timeline).find("8.2 KiB, however long") != std::string::npos);
}

TEST_CASE("timeline: it plays from the start, arrows step, and the text can be rewound") {
    ViewStage stage;
    stage.run = run_text(bundled_model(), "The king said to his daughter");
    stage.settle(draw_timeline);
    CHECK(stage.text_of(draw_timeline).find("7 positions, 12.0 KiB each") != std::string::npos);
    stage.stage.position = 3;
    stage.frames(draw_timeline, 2);
    CHECK(stage.text_of(draw_timeline).find("4 positions") != std::string::npos);
    auto& memory = stage.memory().of<TimelineMemory>();
    memory.playing = true;
    stage.frames(draw_timeline, 40);  // 40 / 60 s: one token of 0.45 s
    CHECK(stage.stage.position == 4);
    CHECK(stage.wishes.animate);
    memory.playing = false;
    stage.click(draw_timeline, memory.rewind);
    REQUIRE(stage.wishes.has_set_text);
    CHECK(stage.wishes.set_text == "The king said to");
}
