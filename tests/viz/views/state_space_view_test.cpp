#include "viz/views/state_space.h"

#include <doctest/doctest.h>

#include "model_of_words.h"
#include "viz/app/engine.h"
#include "viz/view_stage.h"
#include "viz/views/attention.h"
#include "viz/views/state_space_parts.h"

using namespace vitrine;
using namespace vitrine::viz;

namespace {

void set_mamba(ViewStage& stage) {
    const vitrine::test::ModelOfWords words("mamba");
    Engine engine(load_with_tokenizer(words.path()));
    engine.request("w5 w17 w23 w44 w9 w60 w31");
    engine.wait();
    REQUIRE(engine.error() == "");
    stage.run = engine.run();
}

bool holds(const std::string& all, const std::string& part) {
    return all.find(part) != std::string::npos;
}

ImVec2 cell(const VectorMapState& map, float row, float column) {
    return {map.low.x + (column + 0.5F) * map.cell.x, map.low.y + (row + 0.5F) * map.cell.y};
}

}  // namespace

TEST_CASE("memory view: a click chooses block and token, another a channel") {
    ViewStage stage({1200.0F, 900.0F});
    set_mamba(stage);
    stage.settle(draw_state_space);
    StateSpaceMemory& memory = stage.memory().of<StateSpaceMemory>();
    REQUIRE(memory.moves != nullptr);
    REQUIRE(memory.state != nullptr);
    CHECK(memory.position == 7);
    CHECK(memory.channel == memory.state->order[0]);
    stage.click(draw_state_space, cell(memory.moves_map, 4, 2));
    stage.settle(draw_state_space);
    CHECK(stage.stage.layer == 2);
    CHECK(stage.stage.position == 4);
    CHECK(memory.state->layer == 2);
    stage.click(draw_state_space, cell(memory.channels_map, 3, 5));
    stage.frame(draw_state_space);
    CHECK(memory.followed == memory.state->order[5]);
    CHECK(*memory.numbers == *channel_numbers(*scan_of(*stage.run, 2), memory.followed));
    CHECK(memory.numbers_map.picture.image().height == 8);
    // What the pointer is on has a card with its numbers.
    CHECK(holds(stage.text_of(draw_state_space), "Step size"));
}

TEST_CASE("memory view: a link opens what is remembered; a channel alone, with its weights") {
    ViewStage stage({1200.0F, 900.0F});
    set_mamba(stage);
    stage.stage.step = "remembered";
    stage.settle(draw_state_space);
    StateSpaceMemory& memory = stage.memory().of<StateSpaceMemory>();
    CHECK(memory.position == 1);  // the first typed token: all others can still remember it
    stage.stage.position = 2;
    stage.settle(draw_state_space);
    REQUIRE(memory.remembered != nullptr);
    const std::string text = stage.text_of(draw_state_space);
    CHECK(holds(text, "All channels"));
    CHECK(holds(text, "is left at the end"));
    CHECK(memory.maps[0].picture.image().width == 8);
    CHECK(memory.maps[0].picture.image().at(3, 2) == 0);  // later than the row: hidden
    // A click on a column follows its token.
    const HeatmapState& map = memory.maps[1].heatmap;
    stage.click(draw_state_space, {map.plot.x + 4.5F * map.cell, map.plot.y + 6.5F * map.cell});
    CHECK(stage.stage.position == 4);
    CHECK(holds(stage.text_of(draw_state_space), "Share of what comes out"));
    memory.followed = 3;
    stage.move_away();
    stage.settle(draw_state_space);
    REQUIRE(memory.of_channel != nullptr);
    const std::string one = stage.text_of(draw_state_space);
    CHECK(holds(one, "Channel 3"));
    CHECK(holds(one, "blue above 0"));
    stage.language = Language::korean;
    stage.settle(draw_state_space);
    CHECK(holds(stage.text_of(draw_state_space), "3번 채널"));
}

TEST_CASE("memory view: the arrow keys move a cell of a map") {
    ViewStage stage({1200.0F, 900.0F});
    set_mamba(stage);
    stage.settle(draw_state_space);
    StateSpaceMemory& memory = stage.memory().of<StateSpaceMemory>();
    stage.click(draw_state_space, cell(memory.channels_map, 3, 5));
    stage.move_away();
    stage.frame(draw_state_space);
    stage.press(draw_state_space, ImGuiKey_RightArrow);
    stage.press(draw_state_space, ImGuiKey_DownArrow);
    CHECK(memory.channels_map.by_keyboard);
    stage.press(draw_state_space, ImGuiKey_Enter);
    CHECK(stage.stage.position == 4);
    CHECK(memory.followed == memory.state->order[6]);
}

TEST_CASE("memory view: a model without a state says so; attention points here from one with") {
    ViewStage stage;
    stage.run = run_text(bundled_model(), "The king");
    CHECK(holds(stage.text_of(draw_state_space), "keeps no state"));
    for (float y = 100.0F; y < 690.0F && stage.wishes.open_link.empty(); y += 12.0F)
        stage.click(draw_state_space, {500.0F, y});
    CHECK(stage.wishes.open_link == "view:models");
    stage.wishes.open_link.clear();
    set_mamba(stage);
    stage.stage.layer = 1;
    CHECK(holds(stage.text_of(draw_attention), "has no attention"));
    // The button stands in the middle, below the sentence.
    for (float y = 100.0F; y < 690.0F && stage.wishes.open_link.empty(); y += 12.0F)
        stage.click(draw_attention, {500.0F, y});
    CHECK(stage.wishes.open_link == "view:memory?layer=1");
    stage.language = Language::korean;
    CHECK(holds(stage.text_of(draw_attention), "어텐션이 없어요"));
}
