#include "viz/views/steps.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <future>
#include <numeric>

#include "io/model_places.h"
#include "tests/viz/view_stage.h"
#include "viz/app/run_model.h"
#include "viz/views/steps_parts.h"

using namespace vitrine;
using namespace vitrine::viz;

TEST_CASE("steps: product, scale, softmax and mix of any cell give what the model kept") {
    const auto run = run_text(bundled_model(), "The king said to his daughter");
    for (const Index layer : {0, 3}) {
        const HeadNumbers n = head_numbers(*run, run->stacks.front(), layer, 4);
        REQUIRE(n.complete());
        const Index query = 5;
        std::vector<double> raised;
        for (Index key = 0; key <= query; ++key) {
            double product = 0;
            for (std::size_t d = 0; d < static_cast<std::size_t>(n.D); ++d)
                product += double(n.query(query)[d]) * double(n.key(key)[d]);
            const double score = double(n.score_row(query)[std::size_t(key)]);
            CHECK(product * double(n.scale) == doctest::Approx(score).epsilon(1e-4));
            raised.push_back(std::exp(score));
        }
        const double sum = std::accumulate(raised.begin(), raised.end(), 0.0);
        std::vector<double> mix(static_cast<std::size_t>(n.D), 0.0);
        for (Index key = 0; key <= query; ++key) {
            const double share = raised[std::size_t(key)] / sum;
            CHECK(double(n.pattern_row(query)[std::size_t(key)]) ==
                  doctest::Approx(share).epsilon(1e-4));
            for (std::size_t d = 0; d < mix.size(); ++d) mix[d] += share * double(n.value(key)[d]);
        }
        for (std::size_t d = 0; d < mix.size(); ++d)
            CHECK(double(n.mix(query)[d]) == doctest::Approx(mix[d]).epsilon(1e-3));
    }
}

TEST_CASE("steps: a model with grouped and rotated heads has its numbers too") {
    const auto model = load_with_tokenizer(find_model("stories260k").folder);
    const auto run = run_text(model, "Once upon a time");
    const ModelInfo& info = model->info();
    const HeadNumbers n = head_numbers(*run, run->stacks.front(), 1, info.heads - 1);
    REQUIRE(n.complete());
    CHECK(n.kv_head == info.kv_heads - 1);
    double product = 0;
    for (std::size_t d = 0; d < static_cast<std::size_t>(n.D); ++d)
        product += double(n.query(3)[d]) * double(n.key(1)[d]);
    CHECK(product * double(n.scale) == doctest::Approx(double(n.score_row(3)[1])).epsilon(1e-4));
}

TEST_CASE("steps: what a position holds is followed back to the text, and adds up to 1") {
    const auto run = run_text(bundled_model(), "The king said to his daughter");
    const auto at_start = rollout(*run, 0, 3);
    CHECK(at_start[3] == 1.0);
    const auto later = rollout(*run, 4, 3);
    CHECK(std::accumulate(later.begin(), later.end(), 0.0) == doctest::Approx(1.0).epsilon(1e-4));
    CHECK(later[3] < 1.0);
    CHECK(later[4] == 0.0);  // the future
}

TEST_CASE("steps: no frame waits for the way back") {
    ViewStage stage({1000.0F, 900.0F});
    stage.run = run_text(bundled_model(), "The king said to his daughter");
    stage.stage.layer = 3;
    std::promise<void> gate;  // holds the background thread until it opens
    stage.context().background.ask<int>(
        "gate", 1, [opened = gate.get_future().share()](const std::stop_token&) {
            opened.wait();
            return std::make_shared<const int>(1);
        });
    stage.memory().of<StepsMemory>().step = static_cast<int>(Step::origin);
    CHECK(stage.text_of(draw_attention_steps).find("Following it back") != std::string::npos);
    gate.set_value();
    stage.settle(draw_attention_steps);
    const std::string text = stage.text_of(draw_attention_steps);
    CHECK(text.find("Following it back") == std::string::npos);
    CHECK(text.find("Attention rollout") != std::string::npos);
}

TEST_CASE("steps: arrows go on and back, every step says something else, and a switch breaks it") {
    ViewStage stage({1000.0F, 900.0F});
    stage.run = run_text(bundled_model(), "The king said to his daughter");
    stage.stage.layer = 3;
    stage.stage.head = 4;
    stage.settle(draw_attention_steps);
    auto& memory = stage.memory().of<StepsMemory>();
    CHECK(memory.query == 6);
    const auto row = memory.numbers.pattern_row(6);
    CHECK(row[std::size_t(memory.key)] == *std::max_element(row.begin(), row.end()));
    std::string last;
    for (int step = 0; step < step_count; ++step) {
        CHECK(memory.step == step);
        const std::string text = stage.text_of(draw_attention_steps);
        CHECK(text != last);
        last = text;
        stage.press(draw_attention_steps, ImGuiKey_RightArrow);
    }
    stage.press(draw_attention_steps, ImGuiKey_LeftArrow);
    CHECK(memory.step == step_count - 2);

    memory.fault = static_cast<int>(Fault::no_mask);
    stage.settle(draw_attention_steps);
    CHECK(stage.text_of(draw_attention_steps).find("went to other tokens") != std::string::npos);
}
