#include "viz/reader/reader.h"

#include <doctest/doctest.h>

#include "viz/reader/computed.h"
#include "viz/view_stage.h"

using namespace vitrine;
using namespace vitrine::viz;

namespace {

struct Shown {
    Reader reader;
    ImVec2 size{300, 400};
    float scroll = -1;  // to go to before the next frame; -1: stay
    float scroll_now = 0;
};

/// Draws the reader of the stage's memory in a scrolling child, as the lesson's column does.
void draw_shown(ViewContext& context) {
    auto& shown = context.memory.of<Shown>();
    ImGui::BeginChild("lesson", shown.size, false, ImGuiWindowFlags_AlwaysUseWindowPadding);
    if (shown.scroll >= 0) ImGui::SetScrollY(shown.scroll);
    shown.scroll = -1;
    shown.scroll_now = ImGui::GetScrollY();
    shown.reader.draw(context);
    ImGui::EndChild();
}

/// Headings and paragraphs; the words of one language are longer than those of the other.
std::string long_lesson(const std::string& word) {
    std::string text;
    for (int i = 0; i < 60; ++i) {
        text += "## Part " + std::to_string(i) + "\n\n";
        for (int w = 0; w < 30; ++w) text += word + " ";
        text += "\n\n";
    }
    return text;
}

}  // namespace

TEST_CASE("reader: only the blocks near the window are laid out, and scrolling finds the others") {
    ViewStage stage;
    auto& shown = stage.memory().of<Shown>();
    shown.reader.open(parse_markdown(long_lesson("word")), {});
    stage.frames(draw_shown, 4);
    CHECK(shown.reader.laid_out() > 3);
    CHECK(shown.reader.laid_out() < 30);  // of 120
    CHECK(shown.reader.place().block == 0);
    shown.scroll = 3000;
    stage.frames(draw_shown, 3);
    CHECK(shown.scroll_now == 3000);
    CHECK(shown.reader.laid_out() < 40);
    CHECK(shown.reader.place().block > 10);
    shown.scroll = 1e6F;  // down to the end, which is where it would be without the cache
    stage.frames(draw_shown, 3);
    CHECK(shown.reader.place().block > 110);
}

TEST_CASE("reader: the place of the reading stays over another width and another language") {
    ViewStage stage;
    auto& shown = stage.memory().of<Shown>();
    shown.reader.open(parse_markdown(long_lesson("word")), {});
    stage.frames(draw_shown, 3);
    shown.scroll = 2500;
    stage.frames(draw_shown, 2);
    const Reader::Place before = shown.reader.place();
    REQUIRE(before.block > 5);
    shown.size.x = 700;
    stage.frames(draw_shown, 3);
    CHECK(shown.reader.place().block == before.block);
    CHECK(shown.scroll_now < 2000);  // the lines are longer, so there are fewer above
    CHECK(shown.reader.place().part == doctest::Approx(before.part).epsilon(0.1));
    shown.reader.open_translation(parse_markdown(long_lesson("a-longer-word")));
    stage.frames(draw_shown, 3);
    CHECK(shown.reader.place().block == before.block);
    shown.reader.open(parse_markdown(long_lesson("other")), {});  // another chapter: from its start
    stage.frames(draw_shown, 3);
    CHECK(shown.reader.place().block == 0);
    CHECK(shown.scroll_now == 0);
}

TEST_CASE("reader: what stands in an answer is Markdown") {
    const Document document = parse_markdown("```answer\nTake `x` and $y$,\nnot *z*.\n```\n");
    REQUIRE(document.blocks.size() == 1);
    REQUIRE(document.blocks[0].children.size() == 1);
    const Spans& spans = document.blocks[0].children[0].spans;
    REQUIRE(spans.size() >= 5);
    CHECK(spans[1].kind == Span::Kind::code);
    CHECK(spans[3].kind == Span::Kind::math);
}

TEST_CASE("reader: a word longer than the line is broken") {
    ViewStage stage;
    auto& shown = stage.memory().of<Shown>();
    const auto height = [&](const std::string& text) {
        shown.reader.open(parse_markdown("# A\n\n" + text + "\n"), {});
        stage.frames(draw_shown, 2);
        return shown.reader.height();
    };
    const float one_line = height("x");  // the font of the stage is 13 pixels high
    CHECK(height("`" + std::string(200, 'x') + "`.") > one_line + 3 * 13);
    CHECK(height(std::string(200, 'x')) > one_line + 3 * 13);
}

TEST_CASE("reader: a link under the pointer tells what it shows on the stage") {
    ViewStage stage;
    auto& shown = stage.memory().of<Shown>();
    shown.reader.open(parse_markdown("[see the third head](view:attention?layer=1&head=2)\n"), {});
    stage.frames(draw_shown, 2);
    stage.move_to({30, 26});
    stage.frames(draw_shown, 2);
    const std::string says = stage.text_of(draw_shown);
    INFO(says);
    CHECK(says.find("Attention, layer 1, head 2") != std::string::npos);
    stage.language = Language::korean;
    CHECK(stage.text_of(draw_shown).find("어텐션, 1번 층, 2번 헤드") != std::string::npos);
    stage.click(draw_shown, {30, 26});
    CHECK(stage.wishes.open_link == "view:attention?layer=1&head=2");
}

TEST_CASE("reader: an answer's commands are run when it is asked for, in the background") {
    const std::string printed =
        "piece  id  characters\n";  // not what it prints: the test sees that it was run
    const auto lesson = [&](const std::string& command) {
        return parse_markdown("> **Predict.** How many?\n\n```answer\nSo many:\n\n~~~console\n$ " +
                              command + "\n" + printed + "~~~\n```\n");
    };
    ViewStage stage;
    auto& shown = stage.memory().of<Shown>();
    shown.size = {600, 400};
    const auto reveal = [&] {
        const auto hidden = [&] {
            return stage.text_of(draw_shown).find("Show the answer") != std::string::npos;
        };
        REQUIRE(hidden());
        for (float y = 20.0F; y < 300.0F && hidden(); y += 8.0F)
            stage.click(draw_shown, {40.0F, y});
        REQUIRE_FALSE(hidden());
    };
    shown.reader.open(lesson("vitrine tokenize \"The king\""), {});
    CHECK(stage.text_of(draw_shown).find("comput") == std::string::npos);
    reveal();
    stage.settle(draw_shown);
    const std::string text = stage.text_of(draw_shown);
    CHECK(text.find("computed just now by vitrine-small") != std::string::npos);
    CHECK(text.find("quotes other numbers") != std::string::npos);
    stage.language = Language::korean;
    CHECK(stage.text_of(draw_shown).find("방금 vitrine-small 모델로") != std::string::npos);
    stage.language = Language::english;
    shown.reader.open(lesson("vitrine show no_such_thing --text \"The king\""), {});
    reveal();
    stage.settle(draw_shown);
    CHECK(stage.text_of(draw_shown).find("could not be computed") != std::string::npos);
    shown.reader.open(lesson("vitrine start 04_attention"), {});  // would write a file: not run
    reveal();
    stage.settle(draw_shown);
    CHECK(stage.text_of(draw_shown).find("only computes") != std::string::npos);
}

TEST_CASE("computed: the words of a command, what it prints, and the model that it looks at") {
    const auto commands = quoted_commands(
        "$ vitrine tokenize \"a b\" c\nx\ny\n$ vitrine next --model stories260k --text d\n");
    REQUIRE(commands.size() == 2);
    CHECK(commands[0].words == std::vector<std::string>{"tokenize", "a b", "c"});
    CHECK(commands[0].printed == "x\ny\n");
    CHECK(model_of(commands[0]) == "vitrine-small");
    CHECK(model_of(commands[1]) == "stories260k");
    CHECK(only_computes(commands[1]));
    CHECK_FALSE(only_computes(quoted_commands("$ vitrine reset 04_attention\n")[0]));
    // What the program prints is what the block then holds.
    CHECK(computed_console("$ vitrine decode --ids 353,2811\n") ==
          "$ vitrine decode --ids 353,2811\nThe king\n");
}
