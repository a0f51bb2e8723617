#include "viz/views/beam_tree.h"

#include <doctest/doctest.h>

#include <cmath>

#include "generate/generate.h"
#include "tests/viz/view_stage.h"
#include "viz/views/beams.h"

using namespace vitrine;
using namespace vitrine::viz;

TEST_CASE("beam tree: its best end is the library's beam search") {
    const auto run = run_text(bundled_model(), "The king said to his");
    for (const int beams : {1, 2, 4}) {
        const auto tree = grow_beams(*run, beams, 5, {});
        GenerateOptions options;
        options.beams = beams;
        options.max_new_tokens = 5;
        options.ignore_eos = true;
        const auto library = beam_search(*run->model->language(), run->encoding.ids, options);
        std::vector<int> ids = run->encoding.ids;
        ids.insert(ids.end(), tree->best_ids.begin(), tree->best_ids.end());
        CHECK(ids == library.front().ids);
        CHECK(tree->nodes.size() == std::size_t(5 * 2 * beams));
    }
}

TEST_CASE("beam tree: a node's score is the sum of the logarithms on its way") {
    const auto run = run_text(bundled_model(), "Once upon");
    const auto tree = grow_beams(*run, 3, 4, {});
    for (const BeamNode& node : tree->nodes) {
        const double before = node.parent < 0 ? 0.0 : tree->nodes[std::size_t(node.parent)].score;
        CHECK(node.score == doctest::Approx(before + std::log(node.probability)).epsilon(1e-4));
        if (node.parent >= 0) {
            CHECK(tree->nodes[std::size_t(node.parent)].kept);
            CHECK(tree->nodes[std::size_t(node.parent)].depth == node.depth - 1);
        }
    }
}

TEST_CASE("beams: the view shows the best text, and Enter writes a node into the text") {
    ViewStage stage;
    stage.run = run_text(bundled_model(), "The king said to his");
    stage.settle(draw_beams);
    CHECK(stage.text_of(draw_beams).find("Best: The·king·said·to·his·") != std::string::npos);
    auto& memory = stage.memory().of<BeamsMemory>();
    stage.click(draw_beams, {memory.first.x + 3.0F, memory.first.y});
    REQUIRE(stage.wishes.has_set_text);
    CHECK(stage.wishes.set_text == "The king said to his wife");
    stage.wishes = {};
    stage.move_away();
    stage.press(draw_beams, ImGuiKey_DownArrow);   // shows the best
    stage.press(draw_beams, ImGuiKey_DownArrow);   // the second
    stage.press(draw_beams, ImGuiKey_RightArrow);  // and its best way on
    CHECK(memory.by_keyboard);
    stage.press(draw_beams, ImGuiKey_Enter);
    REQUIRE(stage.wishes.has_set_text);
    CHECK(stage.wishes.set_text.rfind("The king said to his daughter", 0) == 0);
    CHECK(stage.wishes.set_text.size() > std::string("The king said to his daughter").size());
}
