#include "viz/app/app.h"

#include <doctest/doctest.h>

#include "tests/viz/app/app_stage.h"

using namespace vitrine;
using namespace vitrine::viz;

namespace {

/// True if what reaches below the window's lower edge can be scrolled to.
bool scrolls(const ImGuiWindow* window) {
    for (; window != nullptr; window = window->ParentWindow) {
        if (window->ScrollMax.y > 0.5F) return true;
    }
    return false;
}

/// Windows of the last frame that reach outside the display, or scroll sideways.
std::string misplaced() {
    std::string names;
    const ImGuiContext& g = *ImGui::GetCurrentContext();
    const ImVec2 size = g.IO.DisplaySize;
    for (const ImGuiWindow* window : g.Windows) {
        if (!window->WasActive || window->Hidden || window->ParentWindow == nullptr) continue;
        const ImRect rect = window->Rect();
        const bool beside = rect.Min.x < 0 || rect.Max.x > size.x + 0.5F;
        const bool below = (rect.Min.y < 0 || rect.Max.y > size.y + 0.5F) && !scrolls(window);
        if (beside || below || window->ScrollMax.x > 0.5F)
            names += std::string(window->Name) + "\n";
    }
    return names;
}

}  // namespace

TEST_CASE("app: nothing lies outside the window at any size, scale or language") {
    const ImVec2 sizes[] = {{1024, 640}, {1280, 720}, {1600, 1000}, {2560, 1600}};
    for (const Language language : {Language::english, Language::korean}) {
        Settings settings;
        settings.language = language;
        AppStage stage(sizes[0], settings);
        for (const View& view : views()) {
            stage.app->stage().view = view.id;
            for (const ImVec2 size : sizes) {
                CAPTURE(std::string(view.id));
                CAPTURE(size.x);
                ImGui::GetIO().DisplaySize = size;
                stage.frames(3);
                // What a view reads in the background may bring a scroll bar some frames later.
                for (int i = 0; i < 30 && !misplaced().empty(); ++i) stage.frame();
                CHECK(misplaced() == "");
            }
        }
    }
}

TEST_CASE("app: typing changes the run, and the views follow") {
    AppStage stage;
    stage.frames(3);
    stage.press(ImGuiKey_A, true);
    stage.type("왕이 말했다 🙂");
    stage.frames(2);
    CHECK(stage.app->text_box().text() == "왕이 말했다 🙂");
    REQUIRE(stage.app->engine()->run());
    CHECK(stage.app->engine()->run()->text == "왕이 말했다 🙂");
}

TEST_CASE("app: the composer writes Hangul from the keys of a US keyboard") {
    AppStage stage;
    stage.frames(3);
    stage.press(ImGuiKey_A, true);
    stage.app->text_box().type(U' ');  // as the window system reports Shift+Space
    stage.press(ImGuiKey_Space, false, true);
    CHECK(stage.app->text_box().composing_hangul());
    stage.type("gksrmf");
    stage.press(ImGuiKey_Backspace);
    stage.type("s dkssud");
    stage.press(ImGuiKey_End);  // ends the syllable that is being composed
    stage.frames(2);
    CHECK(stage.app->text_box().text() == "한근 안녕");
    CHECK(stage.app->engine()->run()->text == "한근 안녕");
}

TEST_CASE("app: copy, cut, paste, undo in the text box") {
    AppStage stage;
    stage.frames(3);
    stage.press(ImGuiKey_A, true);
    stage.type("one two");
    stage.press(ImGuiKey_LeftArrow, true, true);
    stage.press(ImGuiKey_X, true);
    CHECK(stage.clipboard == "two");
    CHECK(stage.app->text_box().text() == "one ");
    stage.press(ImGuiKey_V, true);
    stage.press(ImGuiKey_V, true);
    CHECK(stage.app->text_box().text() == "one twotwo");
    stage.press(ImGuiKey_Z, true);
    CHECK(stage.app->text_box().text() == "one two");
}

TEST_CASE("app: a model that can't be loaded is an error state, not the end") {
    AppStage stage({1280, 720}, {}, "/nowhere/model");
    stage.frames(3);
    CHECK(stage.app->engine()->run() == nullptr);
    CHECK(stage.app->problem().find("/nowhere/model") != std::string::npos);
    // The list of models comes from a second thread; the column that it makes scroll has its new
    // width a frame later.
    if (misplaced() != "") stage.frames(2);
    CHECK(misplaced() == "");
    stage.type("still here");
    stage.press(ImGuiKey_Enter, true);
}

TEST_CASE("app: what the command line chose is on the stage from the first frame") {
    Settings settings;
    settings.link = "view:attention?lines=1&layer=2&head=3";
    AppStage stage({1280, 720}, settings);
    stage.frames(2);
    CHECK(stage.app->stage().view == "attention");
    CHECK(stage.app->stage().lines);
    CHECK(stage.app->stage().layer == 2);
    CHECK(stage.app->stage().head == 3);
}

TEST_CASE("app: an empty text has a state of its own") {
    AppStage stage;
    stage.frames(2);
    stage.press(ImGuiKey_A, true);
    stage.press(ImGuiKey_Delete);
    for (const View& view : views()) {
        stage.app->stage().view = view.id;
        stage.frames(2);
    }
    CHECK(stage.app->text_box().text().empty());
}

TEST_CASE("app: shortcuts choose views, theme, language and size") {
    AppStage stage;
    stage.frames(2);
    stage.app->handle_key('2', true);
    CHECK(stage.app->stage().view == views()[1].id);
    stage.app->handle_key('d', true);
    stage.frames(1);
    CHECK(stage.app->theme().dark);
    stage.app->handle_key('k', true);
    CHECK(stage.app->settings().language == Language::korean);
    for (int i = 0; i < 30; ++i) stage.app->handle_key('+', true);
    stage.frames(2);
    CHECK(stage.app->theme().scale == 2.5F);
    stage.app->handle_key('0', true);
    stage.frames(1);
    CHECK(stage.app->theme().scale == 1.0F);
}
