#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <future>

#include "io/assets.h"
#include "models/decoder.h"
#include "viz/app/link.h"
#include "viz/app/run_model.h"
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
    return load_with_tokenizer(bundled_model_folder().parent_path() / "stories260k");
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
    const auto& decoder = *stage.run->model->decoder();
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

TEST_CASE(
    "positions view: rotary arrows of the run are its own q and k, before and after the turn") {
    ViewStage stage({1400.0F, 900.0F});
    stage.run = run_text(little_llama(), "The king gave the book");
    stage.stage.way = "rotary-run";
    stage.stage.layer = 1;
    stage.stage.head = 5;
    stage.frames(draw_positions, 2);
    const PositionsMemory& memory = stage.memory().of<PositionsMemory>();
    const RotaryMemory& own = memory.rotary;
    const Index T = stage.run->positions();
    CHECK(memory.position + own.distance == T - 1);  // both stand in the text
    REQUIRE(own.query.size() == 4);
    REQUIRE(own.key.size() == 4);
    const Activation& q = *stage.run->at(1, "attn.q");
    const Activation& k = *stage.run->at(1, "attn.k");
    REQUIRE(q.shape == std::vector<Index>{8, T, 8});
    REQUIRE(k.shape == std::vector<Index>{4, T, 8});
    const auto at = [&](const Activation& x, Index h, Index t, Index d) {
        return double(x.values[std::size_t((h * T + t) * 8 + d)]);
    };
    const bool interleaved = own.rotary.interleaved;
    for (Index i = 0; i < 4; ++i) {
        const auto p = std::size_t(i);
        const Index a = interleaved ? 2 * i : i, b = interleaved ? 2 * i + 1 : i + 4;
        CHECK(own.query[p].a == at(q, 5, T - 1, a));
        CHECK(own.query[p].b == at(q, 5, T - 1, b));
        CHECK(own.key[p].a == at(k, 2, memory.position, a));  // heads 4 and 5 share key head 2
        // A turn keeps the length, and its angle is the position times the pair's speed.
        const double turn = double(own.rotary.frequencies(i)) * double(T - 1);
        CHECK(std::hypot(own.query[p].turned_a, own.query[p].turned_b) ==
              doctest::Approx(own.query[p].length()).epsilon(1e-4));
        CHECK(std::remainder(own.query[p].turned_angle() - own.query[p].angle() - turn, 2 * M_PI) ==
              doctest::Approx(0.0).epsilon(1e-3));
    }
    // The sum of the pairs after the turn, scaled, is the score of the run.
    const Activation& scores = *stage.run->at(1, "attn.scores");
    const double score = double(scores.values[std::size_t((5 * T + T - 1) * T + memory.position)]);
    CHECK(pair_products(own.query, own.key).second / std::sqrt(8.0) ==
          doctest::Approx(score).epsilon(1e-4));
    CHECK(holds(stage.text_of(draw_positions), "Thin arrows: before the turn"));
    // Behind the text there are no numbers, and the view says so.
    stage.memory().of<PositionsMemory>().rotary.distance = 20;
    CHECK(holds(stage.text_of(draw_positions), "stands behind your text"));
    CHECK(own.query.empty());
    stage.language = Language::korean;
    CHECK(holds(stage.text_of(draw_positions), "글 뒤에 있어요"));
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

TEST_CASE(
    "positions view: T5's buckets on the learner's tokens, with random numbers and saying so") {
    ViewStage stage({1400.0F, 900.0F});
    stage.run = run_text(bundled_model(), "The king gave the book to his daughter");
    stage.stage.way = "bias";
    CHECK(holds(stage.text_of(draw_positions), "The weights are random"));
    const PositionsMemory& memory = stage.memory().of<PositionsMemory>();
    const BiasMemory& own = memory.bias;
    REQUIRE(own.t5.shape()[1] == 9);
    CHECK(own.t5(2, 5, 3) == own.t5(2, 6, 4));  // the same distance
    CHECK(own.t5(2, 5, 3) != own.t5(2, 3, 5));  // the other direction has buckets of its own
    CHECK(own.t5(2, 5, 3) != own.t5(3, 5, 3));  // and each head its numbers
    CHECK(t5_bucket(-2) == 2);
    CHECK(t5_bucket(2) == 16 + 2);
    stage.move_to({own.map.plot.x + 3.5F * own.map.cell, own.map.plot.y + 5.5F * own.map.cell});
    stage.frames(draw_positions, 2);
    const ImU32 seen = own.picture.image().at(3, 5);
    CHECK(seen == stage.theme().diverging(std::clamp(own.t5(2, 5, 3) / 2.5F, -1.0F, 1.0F)));
    stage.click(draw_positions,
                {own.map.plot.x + 3.5F * own.map.cell, own.map.plot.y + 5.5F * own.map.cell});
    CHECK(memory.position == 5);
    stage.move_away();
    stage.frame(draw_positions);
    stage.press(draw_positions, ImGuiKey_UpArrow);
    CHECK(own.map.query == 4);
    stage.language = Language::korean;
    CHECK(holds(stage.text_of(draw_positions), "가중치는 무작위예요"));
}

TEST_CASE("positions view: a link names its way") {
    CHECK(parse_view_link("view:positions?way=rotary").values.at("way") == "rotary");
}
