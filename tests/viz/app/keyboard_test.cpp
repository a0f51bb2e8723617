// Everything that the mouse reaches, Tab reaches, and keys act on it.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "tests/viz/app/app_stage.h"
#include "viz/app/shortcuts.h"

using namespace vitrine;
using namespace vitrine::viz;

namespace {

ImGuiContext& context() {
    return *ImGui::GetCurrentContext();
}

/// The window "vitrine/NAME_...", or the one that fills the display.
ImGuiWindow* area(const std::string& name) {
    for (ImGuiWindow* window : context().Windows) {
        const std::string full = window->Name;
        if (name.empty() ? full == "vitrine" : full.find("/" + name + "_") != std::string::npos) {
            if (window->WasActive && full.rfind('/') < full.find(name + "_")) return window;
            if (name.empty()) return window;
        }
    }
    return nullptr;
}

ImGuiID id_in(const std::string& name, std::initializer_list<const char*> path) {
    const ImGuiWindow* window = area(name);
    REQUIRE_MESSAGE(window != nullptr, name);
    ImGuiID id = window->ID;
    for (const char* part : path) id = ImHashStr(part, 0, id);
    return id;
}

/// Every item that Tab stops at, in order, from the one with the focus round to it again.
std::vector<ImGuiID> tab_stops(AppStage& stage) {
    std::vector<ImGuiID> stops;
    std::set<ImGuiID> seen;
    do {
        stage.press(ImGuiKey_Tab);
        stops.push_back(context().NavId);
    } while (seen.insert(stops.back()).second && stops.size() < 1000);
    return stops;
}

bool go_to(AppStage& stage, ImGuiID id) {
    for (int i = 0; i < 400 && context().NavId != id; ++i) stage.press(ImGuiKey_Tab);
    return context().NavId == id;
}

bool press_at(AppStage& stage, ImGuiID id, ImGuiKey key) {
    const bool there = go_to(stage, id);
    stage.press(key);
    stage.frames(2);
    return there;
}

/// What is under the pointer, looked for at points that no element lies between.
std::map<ImGuiID, ImVec2> under_mouse(AppStage& stage, ImVec2 from, ImVec2 to, ImVec2 step) {
    std::map<ImGuiID, ImVec2> found;
    std::set<ImGuiID> scrollbars;
    for (ImGuiWindow* window : context().Windows) {
        if (!window->WasActive) continue;
        for (const ImGuiAxis axis : {ImGuiAxis_X, ImGuiAxis_Y})
            scrollbars.insert(ImGui::GetWindowScrollbarID(window, axis));
    }
    for (float y = from.y; y < to.y; y += step.y) {
        for (float x = from.x; x < to.x; x += step.x) {
            ImGui::GetIO().MousePos = {x, y};
            stage.frame();
            const ImGuiID id = context().HoveredId;
            if (id != 0 && !context().HoveredIdDisabled && scrollbars.count(id) == 0)
                found.try_emplace(id, ImVec2{x, y});
        }
    }
    ImGui::GetIO().MousePos = {-1e4F, -1e4F};
    stage.frames(2);
    return found;
}

void check_reached(AppStage& stage, const std::map<ImGuiID, ImVec2>& found) {
    const std::vector<ImGuiID> stops = tab_stops(stage);
    const std::set<ImGuiID> reached(stops.begin(), stops.end());
    for (const auto& entry : found) {
        const ImVec2 at = entry.second;
        CAPTURE(at.x);
        CAPTURE(at.y);
        CHECK(reached.count(entry.first) == 1);
    }
}

}  // namespace

TEST_CASE("keyboard: Tab reaches what the mouse reaches around the stage") {
    AppStage stage({1280.0F, 800.0F});
    stage.frames(5);
    auto found = under_mouse(stage, {4.0F, 2.0F}, {1280.0F, 800.0F}, {24.0F, 14.0F});
    // Borders between the columns are narrower than a step.
    found.merge(under_mouse(stage, {196.0F, 300.0F}, {230.0F, 301.0F}, {3.0F, 14.0F}));
    found.merge(under_mouse(stage, {840.0F, 300.0F}, {870.0F, 301.0F}, {3.0F, 14.0F}));
    found.merge(under_mouse(stage, {1000.0F, 470.0F}, {1001.0F, 510.0F}, {24.0F, 3.0F}));
    for (const ImGuiID id : {id_in("", {"##left"}), id_in("", {"##right"}),
                             id_in("right", {"##exercise"}), id_in("stage", {"##text"})}) {
        CHECK(found.count(id) == 1);
    }
    CHECK(found.size() > 40);
    check_reached(stage, found);
}

TEST_CASE("keyboard: Tab reaches what the mouse reaches, in every view") {
    AppStage stage({1280.0F, 800.0F});
    stage.frames(3);
    for (const View& view : views()) {
        CAPTURE(std::string(view.id));
        stage.app->stage().view = view.id;
        stage.frames(5);
        const ImRect rect = area("view")->InnerRect;
        const auto found =
            under_mouse(stage, {rect.Min.x + 2.0F, rect.Min.y + 2.0F}, rect.Max, {26.0F, 16.0F});
        CHECK(!found.empty());
        check_reached(stage, found);
    }
}

TEST_CASE("keyboard: Shift+Tab goes back the way that Tab came") {
    AppStage stage;
    stage.frames(5);
    std::vector<ImGuiID> there{context().NavId};
    for (int i = 0; i < 30; ++i) {
        stage.press(ImGuiKey_Tab);
        there.push_back(context().NavId);
    }
    CHECK(std::set<ImGuiID>(there.begin(), there.end()).size() == there.size());
    for (std::size_t i = there.size() - 1; i-- > 0;) {
        stage.press(ImGuiKey_Tab, false, true);
        CHECK(context().NavId == there[i]);
    }
}

TEST_CASE("keyboard: Enter and Space press what Tab reached, arrows move it") {
    AppStage stage;
    stage.frames(5);
    Settings& settings = stage.app->settings();
    for (const ImGuiKey key : {ImGuiKey_Enter, ImGuiKey_Space}) {
        const bool enter = key == ImGuiKey_Enter;
        CAPTURE(enter);
        const char* chapter = enter ? "05_multi_head_attention" : "02_embeddings";
        CHECK(press_at(stage, id_in("left", {chapter, "row"}), key));
        CHECK(settings.chapter == chapter);
        const char* view = enter ? "masks" : "next";
        const char* name = enter ? "Masks" : "Next token";
        CHECK(press_at(stage, id_in("stage", {view, name}), key));
        CHECK(stage.app->stage().view == view);
        CHECK(press_at(stage, id_in("left", {enter ? "chapters" : "fast", "row"}), key));
        CHECK(stage.app->engine()->parts() == (enter ? "chapters" : "fast"));
        CHECK(
            press_at(stage, id_in("left", {enter ? "stories260k" : "vitrine-small", "row"}), key));
        CHECK(stage.app->engine()->model()->name == (enter ? "stories260k" : "vitrine-small"));
        const int theme = 1, language = 0;
        const bool was_dark = settings.dark;
        CHECK(press_at(stage,
                       ImHashStr(was_dark ? "Light" : "Dark", 0,
                                 ImHashData(&theme, sizeof theme, area("")->ID)),
                       key));
        CHECK(settings.dark != was_dark);
        CHECK(press_at(stage,
                       ImHashStr("한국어", 0, ImHashData(&language, sizeof language, area("")->ID)),
                       key));
        CHECK(settings.language == Language::korean);
        stage.app->handle_key('k', true);
        stage.frames(2);
    }
    const float left = settings.left, exercise = settings.exercise;
    CHECK(press_at(stage, id_in("", {"##left"}), ImGuiKey_RightArrow));
    CHECK(settings.left == left + 16.0F);
    CHECK(context().NavId == id_in("", {"##left"}));  // the focus stays
    CHECK(press_at(stage, id_in("right", {"##exercise"}), ImGuiKey_UpArrow));
    CHECK(settings.exercise > exercise);
    // A slider: Enter takes hold of it, arrows move it, Enter lets go.
    stage.app->stage().view = "next";
    stage.frames(3);
    const float temperature = stage.app->stage().sampling.temperature;
    CHECK(press_at(stage, id_in("view", {"##temperature"}), ImGuiKey_Enter));
    for (int i = 0; i < 3; ++i) stage.press(ImGuiKey_RightArrow);
    CHECK(stage.app->stage().sampling.temperature > temperature);
    stage.press(ImGuiKey_Enter);
    CHECK(context().ActiveId == 0);
    const std::string before = stage.app->text_box().text();
    CHECK(press_at(stage, id_in("view", {"Step"}), ImGuiKey_Enter));
    stage.frames(3);
    CHECK(stage.app->text_box().text().size() > before.size());
    // And back to the text.
    CHECK(go_to(stage, id_in("stage", {"##text"})));
    stage.press(ImGuiKey_End, true);
    stage.type("!");
    CHECK(stage.app->text_box().text().back() == '!');
}

TEST_CASE("keyboard: a lesson is read, its links followed and an exercise begun without a mouse") {
    std::string folder =
        (std::filesystem::temp_directory_path() / "vitrine keyboard XXXXXX").string();
    REQUIRE(::mkdtemp(folder.data()) != nullptr);
    ::setenv("VITRINE_WORKSPACE", folder.c_str(), 1);
    Settings settings;
    settings.chapter = "04_attention";
    AppStage stage({1440.0F, 900.0F}, settings);
    stage.frames(5);
    ImGuiWindow* lesson = area("lesson");
    REQUIRE(lesson != nullptr);
    CHECK(press_at(stage, id_in("lesson", {"scroll"}), ImGuiKey_PageDown));
    CHECK(lesson->Scroll.y > 0.0F);
    for (int i = 0; i < 3; ++i) stage.press(ImGuiKey_End);  // the end is laid out on the way
    stage.frames(2);
    CHECK(lesson->Scroll.y == lesson->ScrollMax.y);
    stage.press(ImGuiKey_Home);
    stage.frames(2);
    CHECK(lesson->Scroll.y == 0.0F);
    // Page by page: links and answers of every page are stops between the lesson and the exercise.
    std::set<ImGuiID> within;
    std::string followed;
    const std::string view = stage.app->stage().view;
    for (int page = 0; page < 60 && followed.empty(); ++page) {
        REQUIRE(go_to(stage, id_in("lesson", {"scroll"})));
        stage.press(ImGuiKey_PageDown);
        for (int i = 0; i < 20 && followed.empty(); ++i) {
            stage.press(ImGuiKey_Tab);
            if (context().NavWindow != lesson) break;
            within.insert(context().NavId);
            stage.press(ImGuiKey_Enter);
            stage.frames(2);
            if (stage.app->stage().view != view) followed = stage.app->stage().view;
        }
    }
    CHECK(!within.empty());
    CHECK(followed == "attention");
    CHECK(press_at(stage, id_in("exercise", {"Start"}), ImGuiKey_Enter));
    CHECK(std::filesystem::exists(folder + "/04_attention.cpp"));
    CHECK(go_to(stage, id_in("exercise", {"Check"})));
    ::unsetenv("VITRINE_WORKSPACE");
    std::filesystem::remove_all(folder);
}

TEST_CASE("keyboard: the list of shortcuts does not take the focus") {
    AppStage stage;
    stage.frames(5);
    for (int i = 0; i < 4; ++i) stage.press(ImGuiKey_Tab);
    const ImGuiID before = context().NavId;
    stage.app->handle_key('?', false);
    stage.frames(3);
    REQUIRE(ImGui::FindWindowByName("##shortcuts") != nullptr);
    CHECK(ImGui::FindWindowByName("##shortcuts")->WasActive);
    CHECK(context().NavId == before);
    stage.press(ImGuiKey_Escape);
    stage.frames(2);
    CHECK_FALSE(ImGui::FindWindowByName("##shortcuts")->WasActive);
    stage.press(ImGuiKey_Tab);
    CHECK(context().NavId != before);
    CHECK(context().NavId != 0);
}

TEST_CASE("shortcuts: the list under F1 names the keys that do something, and no other") {
    // What the window does with a key and Ctrl, as the list has it.
    std::string listed;
    for (const Shortcut& line : shortcuts()) {
        CHECK(std::string(line.english) != line.korean);
        const std::string keys = line.keys;
        if (keys.rfind("Ctrl+", 0) != 0 || keys == "Ctrl+Enter") continue;
        for (std::size_t i = 5; i < keys.size(); i += 3) listed += keys[i];  // "A, C, X"
    }
    const std::string of_text = "ACXVZY";  // keys of the text box: see its own test
    AppStage stage({1280.0F, 800.0F}, {}, "/nowhere/model");
    Settings& settings = stage.app->settings();
    const auto state = [&] {
        return std::to_string(settings.dark) + std::to_string(static_cast<int>(settings.language)) +
               std::to_string(settings.scale) + stage.app->stage().view +
               std::to_string(stage.app->wants_close()) +
               std::to_string(stage.app->text_box().focused());
    };
    for (const char key : std::string("ABCDEFGHIJKLMNOPRSTUVWXYZ0123456789+-Q")) {
        CAPTURE(key);
        stage.frames(1);
        if (stage.app->text_box().focused()) stage.press(ImGuiKey_Tab);
        stage.app->stage().view = "merges";
        settings.scale = 1.5F;
        stage.frames(1);
        const std::string before = state();
        stage.app->handle_key(static_cast<char>(std::tolower(key)), false);
        stage.frames(2);
        CHECK(state() == before);  // without Ctrl: a letter of the text
        stage.app->handle_key(static_cast<char>(std::tolower(key)), true);
        stage.frames(2);
        const bool is_listed = listed.find(key) != std::string::npos;
        if (of_text.find(key) != std::string::npos) {
            CHECK(is_listed);
        } else {
            CHECK((state() != before) == is_listed);
        }
    }
}
