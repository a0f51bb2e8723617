#include <doctest/doctest.h>

#include <future>

#include "io/assets.h"
#include "models/decoder.h"
#include "viz/app/link.h"
#include "viz/view_stage.h"
#include "viz/views/positions.h"
#include "viz/views/positions_parts.h"

using namespace vitrine;
using namespace vitrine::viz;

namespace {

bool holds(const std::string& all, const std::string& part) {
    return all.find(part) != std::string::npos;
}

std::shared_ptr<const LoadedModel> little_llama() {
    auto model = std::make_shared<LoadedModel>();
    const std::filesystem::path folder = bundled_model_folder().parent_path() / "stories260k";
    model->name = "stories260k";
    model->folder = folder.string();
    model->model = load_language_model(folder);
    model->tokenizer = std::make_unique<Tokenizer>(Tokenizer::load(folder));
    return model;
}

}  // namespace

TEST_CASE("positions view: a click on the table chooses the position and the pair, keys go on") {
    ViewStage stage;
    stage.run = run_text(bundled_model(), "The king gave the");
    stage.frames(draw_positions, 2);
    PositionsMemory& memory = stage.memory().of<PositionsMemory>();
    CHECK(memory.position == 4);  // the last of the text, as in the other views
    const ImVec2 low = memory.sinusoidal.map.low, cell = memory.sinusoidal.map.cell;
    stage.click(draw_positions, {low.x + 20.5F * cell.x, low.y + 2.5F * cell.y});
    CHECK(memory.position == 2);
    CHECK(stage.stage.position == 2);
    CHECK(memory.sinusoidal.pair == 10);
    CHECK(memory.sinusoidal.sines(3) == (*memory.sinusoidal.table)(3, 20));
    CHECK(memory.sinusoidal.from_here.size() == 62);
    stage.move_away();
    stage.frame(draw_positions);
    stage.press(draw_positions, ImGuiKey_DownArrow);
    stage.press(draw_positions, ImGuiKey_RightArrow);
    stage.press(draw_positions, ImGuiKey_RightArrow);
    stage.press(draw_positions, ImGuiKey_Enter);
    CHECK(stage.stage.position == 3);
    CHECK(memory.sinusoidal.pair == 11);
    // Behind the text a position can be looked at, but it is no token of the other views.
    stage.click(draw_positions, {low.x + 0.5F * cell.x, low.y + 50.5F * cell.y});
    CHECK(memory.position == 50);
    CHECK(memory.sinusoidal.from_here.size() == 51);  // back to row 0: the side with more rows
    CHECK(stage.stage.position == 3);
}

TEST_CASE("positions view: the learned rows are the model's weights; a click in the curve moves") {
    ViewStage stage;
    stage.run = run_text(bundled_model(), "The king gave the");
    stage.stage.way = "learned";
    std::promise<void> gate;  // holds the background thread until it opens
    stage.context().background.ask<int>(
        "gate", 1, [opened = gate.get_future().share()](const std::stop_token&) {
            opened.wait();
            return std::make_shared<const int>(1);
        });
    stage.frame(draw_positions);
    PositionsMemory& memory = stage.memory().of<PositionsMemory>();
    CHECK_FALSE(memory.learned.table);  // the frame did not wait for the rows
    gate.set_value();
    stage.settle(draw_positions);
    const auto& decoder = dynamic_cast<const Decoder&>(*stage.run->model->model);
    const Tensor2 wpe = decoder.weights().wpe.values();
    REQUIRE(memory.learned.table);
    REQUIRE(memory.learned.table->shape() == wpe.shape());
    CHECK((*memory.learned.table)(17, 5) == wpe(17, 5));
    CHECK(memory.learned.cosines(4) == doctest::Approx(1.0));
    const ImVec2 low = memory.learned.curve.low, high = memory.learned.curve.high;
    stage.click(draw_positions, {high.x, 0.5F * (low.y + high.y)});
    CHECK(memory.position == static_cast<Index>(wpe.shape()[0]) - 1);
    CHECK(memory.learned.cosines(memory.position) == doctest::Approx(1.0));
}

TEST_CASE("positions view: rotary takes the frequencies of a model that has them, or says so") {
    ViewStage stage;
    stage.run = run_text(bundled_model(), "The king");
    stage.stage.way = "rotary";
    const std::string other = stage.text_of(draw_positions);
    CHECK(holds(other, "does not turn"));
    CHECK(holds(other, "Take a small Llama"));
    PositionsMemory& memory = stage.memory().of<PositionsMemory>();
    CHECK(memory.rotary.rotary.frequencies.size() == 32);
    stage.run = run_text(little_llama(), "The king");
    const std::string own = stage.text_of(draw_positions);
    CHECK(holds(own, "The speeds of stories260k itself"));
    CHECK_FALSE(holds(own, "Take a small Llama"));
    CHECK(memory.rotary.rotary.frequencies.size() == 4);
    const ImVec2 low = memory.rotary.scores.low, high = memory.rotary.scores.high;
    stage.click(draw_positions, {low.x, 0.5F * (low.y + high.y)});
    CHECK(memory.rotary.distance == 0);
    stage.move_away();
    stage.frame(draw_positions);
    stage.press(draw_positions, ImGuiKey_RightArrow);
    stage.press(draw_positions, ImGuiKey_Enter);
    CHECK(memory.rotary.distance == 1);
    stage.stage.way = "learned";
    CHECK(holds(stage.text_of(draw_positions), "no learned positions"));
}

TEST_CASE("positions view: playing moves the position on; the last way adds to scores; Korean") {
    ViewStage stage;
    CHECK_FALSE(stage.text_of(draw_positions).empty());  // without a run
    stage.run = run_text(bundled_model(), "The king");
    stage.stage.position = 0;
    stage.frame(draw_positions);
    PositionsMemory& memory = stage.memory().of<PositionsMemory>();
    memory.playing = true;
    stage.frames(draw_positions, 12);  // 0.2 seconds
    CHECK(memory.position == 1);
    CHECK(stage.wishes.animate);
    memory.playing = false;
    stage.stage.way = "bias";
    CHECK(holds(stage.text_of(draw_positions), "T5: 32 buckets"));
    stage.language = Language::korean;
    CHECK(holds(stage.text_of(draw_positions), "통 32개"));
}

TEST_CASE("positions view: a link names its way") {
    CHECK(parse_view_link("view:positions?way=rotary").values.at("way") == "rotary");
}
