#include <doctest/doctest.h>

#include "viz/view_stage.h"
#include "viz/views/tokens.h"
#include "viz/views/tokens_parts.h"

using namespace vitrine;
using namespace vitrine::viz;

namespace {

bool holds(const std::string& all, const std::string& part) {
    return all.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE(
    "tokens view: a chosen token shows its id, bytes, place and the pieces of its syllables") {
    ViewStage stage;
    const auto model = bundled_model();
    stage.run = run_text(model, "The king 왕은 뷁");
    for (Index position = 1; position < stage.run->positions(); ++position) {
        stage.stage.position = position;
        stage.frame(draw_tokens);
        const std::string shown = stage.text_of(draw_tokens);
        const auto i = static_cast<std::size_t>(position);
        INFO(shown);
        CHECK(holds(shown, std::to_string(stage.run->encoding.ids[i])));
        const auto [begin, end] = stage.run->encoding.offsets[i];  // U+2013: the font has no dash
        CHECK(holds(shown, "In the text " + std::to_string(begin) + " – " + std::to_string(end)));
    }
    // The last tokens hold 뷁: its letters, its bytes, and who holds each of them.
    CHECK(holds(stage.text_of(draw_tokens), "뷁 ㅂ + ㅞ + ㄺ EB B7 81 #5 EB + #6 B7 + #7 81"));
}

TEST_CASE("tokens view: the slider shows the pieces after that many merges and the rule's rank") {
    ViewStage stage;
    stage.run = run_text(bundled_model(), "golden rings");
    stage.frame(draw_tokens);
    TokensMemory& memory = stage.memory().of<TokensMemory>();
    const Index merges = memory.replay.merges();
    CHECK(memory.merges_done == merges);  // it starts at the end: the tokens
    for (int done = 0; done <= static_cast<int>(merges); ++done) {
        memory.merges_done = done;
        memory.follow = false;
        stage.frame(draw_tokens);
        CHECK(memory.state.pieces.size() == 12U - static_cast<std::size_t>(done));
        CHECK(memory.state.pieces == memory.replay.after(done).pieces);
    }
    memory.merges_done = 1;
    memory.follow = false;
    const std::string shown = stage.text_of(draw_tokens);
    CHECK(holds(shown, "rule " + std::to_string(memory.replay.after(1).rank)));
}

TEST_CASE("tokens view: the same text under a second tokenizer") {
    ViewStage stage;
    const auto model = bundled_model();
    const std::string text = "공주는 반지를 받았어요";
    stage.run = run_text(model, text);
    stage.second = std::make_shared<const Tokenizer>(
        Tokenizer::load(std::string(VITRINE_FIXTURES) + "/tokenizers/gpt2"));
    stage.frame(draw_tokens);
    const std::string shown = stage.text_of(draw_tokens);
    CHECK(holds(shown, "The same text under GPT-2"));
    const auto second = stage.second->encode(text).ids.size();
    CHECK(holds(shown, std::to_string(second) + " tokens instead of " +
                           std::to_string(stage.run->positions() - 1)));
}

TEST_CASE("tokens view: a click on a chip chooses the position for all views") {
    ViewStage stage;
    stage.run = run_text(bundled_model(), "The king gave");
    stage.frames(draw_tokens, 2);
    // Chips are found by looking: the first point below the counts that answers with a position.
    Index found = -1;
    ImVec2 at{};
    for (float y = 60.0F; y < 300.0F && found < 0; y += 6.0F) {
        at = {150.0F, y};
        stage.move_to(at);
        stage.frame(draw_tokens);
        found = stage.stage.hovered_position;
    }
    REQUIRE(found > 0);
    stage.click(draw_tokens, at);
    CHECK(stage.stage.position == found);
}

TEST_CASE("tokens view: playing goes on merge by merge, asks for frames, and stops at the end") {
    ViewStage stage;
    stage.run = run_text(bundled_model(), "golden");
    stage.frame(draw_tokens);
    TokensMemory& memory = stage.memory().of<TokensMemory>();
    memory.merges_done = 0;
    memory.playing = true;
    stage.wishes = {};
    stage.frames(draw_tokens, 30);  // half a second: one merge
    CHECK(memory.merges_done == 1);
    CHECK(stage.wishes.animate);
    stage.frames(draw_tokens, 300);
    CHECK(memory.merges_done == memory.replay.merges());
    CHECK_FALSE(stage.wishes.animate);
}
