#include <doctest/doctest.h>

#include <numeric>

#include "viz/view_stage.h"
#include "viz/views/activations.h"
#include "viz/views/activations_parts.h"

using namespace vitrine;
using namespace vitrine::viz;

namespace {

bool holds(const std::string& all, const std::string& part) {
    return all.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("activations view: the numbers are those of the run, at the chosen step and position") {
    ViewStage stage;
    stage.run = run_text(bundled_model(), "The king gave the");
    stage.stage.step = "mlp_post";
    stage.stage.layer = 3;
    stage.stage.position = 2;
    stage.frame(draw_activations);
    const ActivationsMemory& memory = stage.memory().of<ActivationsMemory>();
    const Activation& kept = stage.run->activations.at("blocks.3.mlp_post");
    CHECK(memory.activation == &kept);
    CHECK(memory.position == 2);
    const std::span<const Real> row(kept.values.data() + 2 * 1024, 1024);
    double sum = 0;
    for (const Real value : row) sum += static_cast<double>(value);
    CHECK(memory.numbers.mean == doctest::Approx(sum / 1024));
    const auto strongest = static_cast<std::size_t>(memory.numbers.strongest.front());
    for (const Real value : row) CHECK(std::abs(row[strongest]) >= std::abs(value));
    CHECK(std::accumulate(memory.bins.begin(), memory.bins.end(), 0) == 1024);
    // Fewer pixels than numbers: each shows the one of its numbers that is furthest from 0.
    const viz::Image& image = memory.picture.image();
    REQUIRE(image.width < 1024);
    const auto first = static_cast<Index>(1024 / image.width);
    Real largest = 0;
    for (Index i = 0; i < first; ++i) {
        const Real value = row[static_cast<std::size_t>(i)];
        if (std::abs(value) > std::abs(largest)) largest = value;
    }
    CHECK(image.at(0, 2) == stage.theme().diverging(largest / memory.limit));
    CHECK(memory.picture.image().height == stage.run->positions());
    REQUIRE(memory.depth.size() == 7);
    CHECK(memory.depth.back() > memory.depth.front());
    CHECK(holds(stage.text_of(draw_activations), "Neurons that fire"));
}

TEST_CASE("activations view: another theme paints the map anew; a step a run lacks is not shown") {
    ViewStage stage;
    stage.run = run_text(bundled_model(), "The king");
    stage.frame(draw_activations);
    const std::string steps = stage.text_of(draw_activations);
    CHECK(holds(steps, "Stream after the block"));
    CHECK_FALSE(holds(steps, "the gate"));  // of Llama
    stage.stage.step = "mlp_gate";
    stage.frame(draw_activations);
    CHECK(stage.memory().of<ActivationsMemory>().step == "resid_post");
    stage.language = Language::korean;
    CHECK(holds(stage.text_of(draw_activations), "블록 뒤의 흐름"));
}

TEST_CASE("activations view: a click chooses a row; arrows move a cell, Enter chooses its row") {
    ViewStage stage;
    stage.run = run_text(bundled_model(), "The king gave the");
    stage.frames(draw_activations, 2);
    ActivationsMemory& memory = stage.memory().of<ActivationsMemory>();
    stage.click(draw_activations, {memory.map_low.x + 10.5F * memory.map_cell.x,
                                   memory.map_low.y + 1.5F * memory.map_cell.y});
    CHECK(stage.stage.position == 1);
    CHECK(memory.row == 1);
    CHECK(memory.column == 10);
    stage.move_away();
    stage.frame(draw_activations);
    stage.press(draw_activations, ImGuiKey_DownArrow);
    stage.press(draw_activations, ImGuiKey_RightArrow);
    CHECK(memory.row == 2);
    CHECK(memory.column == 11);
    CHECK(stage.stage.hovered_position == 2);
    stage.press(draw_activations, ImGuiKey_Enter);
    CHECK(stage.stage.position == 2);
}

TEST_CASE("activations view: without a run, or without activations, it says so") {
    ViewStage stage;
    CHECK_FALSE(stage.text_of(draw_activations).empty());
    auto empty = std::make_shared<Run>(*run_text(bundled_model(), "The"));
    empty->activations.clear();
    stage.run = empty;
    CHECK(holds(stage.text_of(draw_activations), "Nothing was kept"));
}
