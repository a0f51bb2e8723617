#include "viz/views/model.h"

#include <doctest/doctest.h>

#include "tests/viz/view_stage.h"
#include "viz/views/lens.h"

using namespace vitrine;
using namespace vitrine::viz;

TEST_CASE(
    "lens: after the last block it says what the model says, before the first the token itself") {
    const auto run = run_text(bundled_model(), "The king said to his");
    const auto lens = look_through_lens(*run, run->positions() - 1, 4, {});
    REQUIRE(lens);
    CHECK(lens->positions == 4);
    CHECK(lens->places == 7);
    const Index V = run->model->info().vocabulary;
    for (Index t = lens->first; t < run->positions(); ++t) {
        const Real* logits = run->logits.data() + t * V;
        const LensCell& end = lens->at(6, t);
        CHECK(end.size() == 3);
        CHECK(end[0].id == std::max_element(logits, logits + V) - logits);
        CHECK(end[0].probability >= end[1].probability);
    }
    CHECK(lens->at(0, run->positions() - 1)[0].id == run->encoding.ids.back());
}

TEST_CASE("model: every stage opens its view, arrows choose a position") {
    ViewStage stage({1200.0F, 800.0F});
    stage.run = run_text(bundled_model(), "The king said to his");
    stage.settle(draw_model);
    const std::string text = stage.text_of(draw_model);
    CHECK(text.find("Block 5") != std::string::npos);
    CHECK(text.find("Next token") != std::string::npos);
    for (int i = 0; i < 12 && stage.stage.position < 0; ++i) {
        stage.press(draw_model, ImGuiKey_Tab);
        stage.press(draw_model, ImGuiKey_LeftArrow);
    }
    CHECK(stage.stage.position == stage.run->positions() - 2);
    while (stage.stage.position > 0) stage.press(draw_model, ImGuiKey_LeftArrow);
    stage.press(draw_model, ImGuiKey_LeftArrow);  // beyond the first column: the stages
    stage.press(draw_model, ImGuiKey_Space);
    CHECK(stage.wishes.open_link.rfind("view:", 0) == 0);
}
