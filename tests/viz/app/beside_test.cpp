// A second model beside the first: both read the learner's text.
#include <doctest/doctest.h>

#include "scratch_folder.h"
#include "tests/viz/app/app_stage.h"

using namespace vitrine;
using namespace vitrine::viz;

namespace {

/// The area of the stage with this name, if it was drawn in the last frame.
ImGuiWindow* area(const std::string& name) {
    for (ImGuiWindow* window : ImGui::GetCurrentContext()->Windows) {
        const std::string full = window->Name;
        if (window->WasActive && full.find("/stage_") != std::string::npos &&
            full.find("/" + name + "_") != std::string::npos)
            return window;
    }
    return nullptr;
}

}  // namespace

TEST_CASE("beside: both models read what is typed, each with its own tokens") {
    AppStage stage;
    stage.app->show_beside("stories260k");
    stage.frames(5);
    stage.press(ImGuiKey_A, true);
    stage.type("Once upon a time");
    stage.frames(2);
    Exhibit* beside = stage.app->beside();
    REQUIRE(beside != nullptr);
    REQUIRE(beside->run);
    const auto first = stage.app->engine()->run();
    CHECK(first->model->name == "vitrine-small");
    CHECK(beside->run->model->name == "stories260k");
    CHECK(first->text == "Once upon a time");
    CHECK(beside->run->text == "Once upon a time");
    CHECK(first->encoding.ids != beside->run->encoding.ids);
}

TEST_CASE("beside: every view of a model is drawn twice, side by side or one above the other") {
    for (const ImVec2 size : {ImVec2{1600.0F, 900.0F}, ImVec2{1024.0F, 900.0F}}) {
        AppStage stage(size);
        stage.app->show_beside("stories260k");
        stage.frames(5);
        for (const View& view : views()) {
            CAPTURE(std::string(view.id));
            stage.app->stage().view = view.id;
            stage.frames(3);
            const ImGuiWindow* first = area("view");
            const ImGuiWindow* second = area("beside");
            REQUIRE(first != nullptr);
            CHECK((second != nullptr) == view.of_model);
            if (second == nullptr) continue;
            if (size.x > 1500.0F) {
                CHECK(second->Pos.x >= first->Pos.x + first->Size.x);
                CHECK(second->Size.x == doctest::Approx(first->Size.x).epsilon(0.01));
            } else {
                CHECK(second->Pos.y >= first->Pos.y + first->Size.y);
                CHECK(second->Size.y == doctest::Approx(first->Size.y).epsilon(0.01));
            }
        }
    }
}

TEST_CASE("beside: a link sets both, as far as each has such a layer and head") {
    AppStage stage;
    stage.app->show_beside("stories260k");  // 5 layers of 8 heads
    stage.frames(5);
    stage.app->open_link("view:attention?layer=5&head=7&text=Once%20upon%20a%20time");
    stage.frames(4);
    CHECK(stage.app->stage().layer == 5);
    CHECK(stage.app->beside()->stage.layer == 4);
    CHECK(stage.app->beside()->stage.head == 7);
    CHECK(stage.app->beside()->run->text == "Once upon a time");
}

TEST_CASE("beside: what the second writes, the first reads") {
    AppStage stage;
    stage.app->set_text("Once upon");
    stage.app->show_beside("stories260k");
    stage.frames(5);
    stage.app->beside()->wishes.step = true;
    stage.frames(6);
    const std::string text = stage.app->text_box().text();
    CHECK(text.size() > std::string("Once upon").size());
    CHECK(stage.app->engine()->run()->text == text);
    stage.app->beside()->wishes.show_beside = "";
    stage.frames(3);
    CHECK(stage.app->beside() == nullptr);
    CHECK(area("beside") == nullptr);
    CHECK(stage.app->settings().beside.empty());
}

TEST_CASE("beside: the app remembers it, and starts without it if it is gone") {
    const test::ScratchFolder folder;
    Settings settings;
    settings.beside = "stories260k";
    write_settings(folder / "settings.json", settings);
    const Settings read = read_settings(folder / "settings.json");
    CHECK(read.beside == "stories260k");
    {
        AppStage stage({1440.0F, 900.0F}, read);
        stage.frames(3);
        CHECK(stage.app->beside() != nullptr);
    }
    settings.beside = "someone/gone";
    AppStage stage({1440.0F, 900.0F}, settings);
    stage.frames(3);
    CHECK(stage.app->beside() == nullptr);
    CHECK(stage.app->settings().beside.empty());
}
