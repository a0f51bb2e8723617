#include "viz/views/compare.h"

#include <doctest/doctest.h>

#include "tests/viz/view_stage.h"
#include "viz/views/compare_parts.h"

using namespace vitrine;
using namespace vitrine::viz;

namespace {

runner::PartsReport report() {
    runner::PartsReport report;
    report.chain = {{"embed", 0.0, true},
                    {"blocks.0.attn.q", 0.0, true},
                    {"blocks.0.resid_post", 0.5, false},
                    {"blocks.1.attn.q", 0.25, false},
                    {"blocks.1.resid_post", INFINITY, false},
                    {"logits", 2.0, false}};
    report.first = "blocks.0.resid_post";
    report.alone = {{"attention", 2, 0.5, false, "blocks.0.attn", "other values", "/tmp/a b"},
                    {"embed", 1, 0.0, true}};
    return report;
}

std::shared_ptr<const Run> run_with(const runner::PartsReport& its_report, const char* parts) {
    auto run = std::make_shared<Run>(*run_text(bundled_model(), "The king"));
    run->report = std::make_shared<const runner::PartsReport>(its_report);
    run->parts = parts;
    return run;
}

}  // namespace

TEST_CASE("compare: the chain becomes a table of steps and blocks") {
    const runner::PartsReport made = report();
    const CompareGrid grid = grid_of(made);
    CHECK(grid.layers == 2);
    CHECK(grid.steps == std::vector<std::string>{"attn.q", "resid_post"});
    CHECK(grid.before.size() == 1);
    CHECK(grid.behind.size() == 1);
    CHECK(grid.cells[0].name == "blocks.0.attn.q");
    CHECK(grid.cells[3].name == "blocks.1.resid_post");
}

TEST_CASE(
    "compare: activations that no tap hands on stand in the table, not compared, and say why") {
    runner::PartsReport made = report();
    made.unrecorded = {"pos_embed", "blocks.1.attn.k", "blocks.1.attn.v", "ln_final"};
    const CompareGrid grid = grid_of(made);
    CHECK(grid.steps == std::vector<std::string>{"attn.q", "resid_post", "attn.k", "attn.v"});
    CHECK(grid.cells[4].name.empty());  // block 0 has no k at all
    CHECK(grid.cells[5].name == "blocks.1.attn.k");
    CHECK(grid.cells[5].compared == nullptr);
    CHECK(grid.cells[1].compared == &made.chain[3]);
    CHECK(grid.before.back().name == "pos_embed");
    CHECK(grid.behind.back().name == "ln_final");
    ViewStage stage;
    stage.parts = "mine";
    stage.run = run_with(report(), "mine");
    CHECK(stage.text_of(draw_compare).find("not compared") == std::string::npos);
    stage.run = run_with(made, "mine");
    CHECK(stage.text_of(draw_compare).find("4 more are not compared (hatched)") !=
          std::string::npos);
    // The card of such a cell says what would show it.
    auto& memory = stage.memory().of<CompareMemory>();
    for (int i = 0; i < 30 && !memory.by_keyboard; ++i) {
        stage.press(draw_compare, ImGuiKey_Tab);
        stage.press(draw_compare, ImGuiKey_DownArrow);
    }
    REQUIRE(memory.by_keyboard);
    for (int i = 0; i < 3; ++i) stage.press(draw_compare, ImGuiKey_DownArrow);
    stage.press(draw_compare, ImGuiKey_RightArrow);
    CHECK(memory.row == 3);
    CHECK(stage.text_of(draw_compare).find("no tap() hands it on") != std::string::npos);
}

TEST_CASE("compare: single parts are taken in and out of the choice") {
    const std::vector<std::string> started{"embed", "attention", "gelu"};
    CHECK(toggled("mine", "attention", started) == "mine=embed,gelu");
    CHECK(toggled("mine=embed,gelu", "attention", started) == "mine");
    CHECK(toggled("mine=embed", "embed", started) == "fast");
    CHECK(is_chosen("mine", "gelu"));
    CHECK(is_chosen("mine=embed,gelu", "gelu"));
    CHECK_FALSE(is_chosen("mine=embed", "gelu"));
    CHECK_FALSE(is_chosen("chapters", "gelu"));
}

TEST_CASE("compare: the view names the first difference, each part alone, and what went wrong") {
    ViewStage stage;
    stage.parts = "mine";
    stage.run = run_with(report(), "mine");
    const std::string text = stage.text_of(draw_compare);
    CHECK(text.find("blocks.0.resid_post") != std::string::npos);
    CHECK(text.find("2 calls, largest difference 5.0e-01") != std::string::npos);
    CHECK(text.find("other values") != std::string::npos);

    auto failed = std::make_shared<Run>(*stage.run);
    failed->parts_problem = "your attention with [8, 2, 32]: a crash";
    stage.run = failed;
    CHECK(stage.text_of(draw_compare).find("a crash") != std::string::npos);

    runner::PartsReport equal = report();
    equal.first.clear();
    stage.run = run_with(equal, "chapters");
    CHECK(stage.text_of(draw_compare).find("All 6 activations are equal") != std::string::npos);

    stage.run = run_text(bundled_model(), "The king");
    stage.parts = "fast";
    CHECK(stage.text_of(draw_compare).find("library's own") != std::string::npos);
}

TEST_CASE("compare: arrows and Enter open the activation of a cell") {
    ViewStage stage;
    stage.parts = "chapters";
    stage.run = run_with(report(), "chapters");
    stage.frames(draw_compare, 2);
    auto& memory = stage.memory().of<CompareMemory>();
    for (int i = 0; i < 20 && !memory.by_keyboard; ++i) {
        stage.press(draw_compare, ImGuiKey_Tab);
        stage.press(draw_compare, ImGuiKey_DownArrow);
    }
    REQUIRE(memory.by_keyboard);
    stage.press(draw_compare, ImGuiKey_RightArrow);
    stage.press(draw_compare, ImGuiKey_Enter);
    CHECK(stage.wishes.open_link == "view:activations?layer=1&step=resid_post");
}
