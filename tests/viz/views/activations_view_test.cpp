#include <doctest/doctest.h>

#include <numeric>
#include <set>

#include "viz/other_models.h"
#include "viz/view_stage.h"
#include "viz/views/activations.h"
#include "viz/views/activations_parts.h"
#include "viz/views/stack_choice.h"

using namespace vitrine;
using namespace vitrine::viz;
using vitrine::test::ModelInApp;
using vitrine::test::picture_of_clip;

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

TEST_CASE("activations view: of T5 the encoder and the decoder, of CLIP both towers") {
    const ModelInApp t5("t5"), clip("clip");
    ViewStage stage;
    stage.run = t5.run("w5 w6 w7 w8 w9");
    const ActivationsMemory& memory = stage.memory().of<ActivationsMemory>();
    const auto shows = [&](const char* name) {
        stage.frames(draw_activations, 2);
        CHECK(memory.activation == &stage.run->activations.at(name));
    };
    shows("encoder.blocks.0.resid_post");
    CHECK_FALSE(holds(stage.text_of(draw_activations), "across"));
    stage.stage.stack = "cross";  // is of the decoder's blocks
    shows("decoder.blocks.0.resid_post");
    stage.stage.stack = "decoder";
    stage.stage.layer = 1;
    stage.stage.step = "cross_attn_out";
    shows("decoder.blocks.1.cross_attn_out");
    const std::string text = stage.text_of(draw_activations);
    CHECK(holds(text, "What looking across adds"));
    CHECK(holds(text, "decoder.blocks.1.cross_attn_out"));
    CHECK(memory.labels().size() == stage.run->target.ids.size());
    CHECK(memory.depth.size() == 3);
    stage.stage.stack = "encoder";  // has no such step
    shows("encoder.blocks.1.resid_post");

    stage.run = clip.run("w5 w6");
    stage.stage.stack = "picture";
    CHECK(holds(stage.text_of(draw_activations), "picture"));
    stage.run = clip.run("w5 w6", picture_of_clip());
    shows("vision.blocks.1.resid_post");
    CHECK(memory.labels()[1] == "row 1, col 1");
    stage.stage.stack = "text";
    shows("text.blocks.1.resid_post");
}

TEST_CASE(
    "activations view: every matrix of [T, ...] that a model of any kind records has a name") {
    for (const char* name : {"bert", "roberta", "t5", "clip", "mamba", "llama", "gpt2"}) {
        CAPTURE(name);
        const ModelInApp model(name);
        const bool sees = std::string(name) == "clip";
        const auto run = model.run("w5 w6 w7", sees ? picture_of_clip() : std::filesystem::path());
        std::vector<const AttentionStack*> towers = towers_of(*run);
        if (towers.empty()) towers.push_back(nullptr);
        std::set<std::string> shown;
        for (const AttentionStack* stack : towers) {
            const Tower tower(*run, stack);
            for (const BlockStep& step : steps_of(tower)) {
                const bool of_block = tower.at(0, step.name) != nullptr;
                shown.insert(tower.prefix() + (of_block ? "blocks.0." : "") + step.name);
            }
        }
        for (const auto& each : run->activations) {
            const std::string& recorded = each.first;
            const bool is_of_another_block = recorded.find("blocks.") != std::string::npos &&
                                             recorded.find("blocks.0.") == std::string::npos;
            if (is_of_another_block || each.second.shape.size() != 2) continue;
            if (recorded.ends_with("logits")) continue;  // the next-token view shows them
            CHECK_MESSAGE(shown.count(recorded) == 1, recorded);
        }
    }
}

TEST_CASE("activations view: without a run, or without activations, it says so") {
    ViewStage stage;
    CHECK_FALSE(stage.text_of(draw_activations).empty());
    auto empty = std::make_shared<Run>(*run_text(bundled_model(), "The"));
    empty->activations.clear();
    stage.run = empty;
    CHECK(holds(stage.text_of(draw_activations), "Nothing was kept"));
}
