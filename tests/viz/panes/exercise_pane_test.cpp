// The exercise pane: from Start to the solution, by keyboard, in a workspace of its own.
#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "io/json.h"
#include "tests/chapters/workspace_fixture.h"
#include "tests/viz/view_stage.h"
#include "viz/app/panes.h"

using namespace vitrine;
using namespace vitrine::viz;
using vitrine::test::WorkspaceFixture;

namespace {

std::string shown_chapter = "04_attention";

void draw_pane(ViewContext& view) {
    std::string chapter = shown_chapter;
    PaneContext pane{view, chapter, "vitrine-small"};
    draw_exercise(pane);
}

bool shows(ViewStage& stage, const char* text) {
    return stage.text_of(draw_pane).find(text) != std::string::npos;
}

/// Presses the first button of the pane and draws until `text` is there.
bool press_first(ViewStage& stage, const char* text) {
    stage.press(draw_pane, ImGuiKey_DownArrow);
    stage.press(draw_pane, ImGuiKey_Space);
    for (int i = 0; i < 3000; ++i) {
        if (shows(stage, text)) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

std::string chapter_file(const std::string& name, const char* chapter = "04_attention") {
    return read_file(std::string(VITRINE_SOURCE_DIR) + "/chapters/" + chapter + "/" + name,
                     1U << 20U);
}

}  // namespace

TEST_CASE("exercise pane: Start makes the file, and its place is told") {
    const WorkspaceFixture workspace;
    ViewStage stage;
    CHECK(shows(stage, "Write it yourself"));
    REQUIRE(press_first(stage, "Check"));
    CHECK(std::filesystem::exists(workspace.folder() / "04_attention.cpp"));
    CHECK(stage.wishes.toast.find("04_attention.cpp") != std::string::npos);
}

TEST_CASE("exercise pane: a wrong file fails with its mistake named, and no solution is offered") {
    const WorkspaceFixture workspace;
    workspace.write("04_attention.cpp", chapter_file("variants/no_scale.cpp"));
    ViewStage stage;
    stage.frames(draw_pane, 2);
    REQUIRE(press_first(stage, "Not yet"));
    CHECK(shows(stage, "not divided by the square root of D"));
    CHECK_FALSE(shows(stage, "One way to write it"));
    stage.language = Language::korean;
    CHECK(shows(stage, "아직이에요"));
}

TEST_CASE("exercise pane: of several functions it names the one that the mistake is in") {
    const WorkspaceFixture workspace;
    shown_chapter = "06_layer_norm";
    std::string wrong = chapter_file("variants/unbiased_variance.cpp", "06_layer_norm");
    const std::string included = "../solution.cpp";
    wrong.replace(wrong.find(included), included.size(),
                  std::string(VITRINE_SOURCE_DIR) + "/chapters/06_layer_norm/solution.cpp");
    workspace.write("06_layer_norm.cpp", wrong);
    ViewStage stage;
    stage.frames(draw_pane, 2);
    const bool checked = press_first(stage, "Not yet");
    const std::string text = stage.text_of(draw_pane);
    shown_chapter = "04_attention";
    REQUIRE(checked);
    const auto line = text.find("layer_norm: ");  // in front of the diagnosis
    REQUIRE(line != std::string::npos);
    CHECK(text.find("variance", line) != std::string::npos);
    CHECK(text.find("\nrms_norm") != std::string::npos);  // the cases stand below their function
}

TEST_CASE("exercise pane: a right file passes; then it can run in the model") {
    const WorkspaceFixture workspace;
    workspace.write("04_attention.cpp", chapter_file("solution.cpp"));
    ViewStage stage;
    stage.frames(draw_pane, 2);
    REQUIRE(press_first(stage, "Passed"));
    for (int i = 0; i < 200 && !shows(stage, "One way to write it"); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    CHECK(shows(stage, "Run it in the model"));
    CHECK(shows(stage, "One way to write it"));
}
