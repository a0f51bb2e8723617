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

void draw_pane(ViewContext& view) {
    std::string chapter = "04_attention";
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

std::string chapter_file(const std::string& name) {
    return read_file(std::string(VITRINE_SOURCE_DIR) + "/chapters/04_attention/" + name, 1U << 20U);
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
