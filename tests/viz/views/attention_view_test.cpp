#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <sstream>

#include "viz/view_stage.h"
#include "viz/views/attention.h"
#include "viz/views/attention_export.h"
#include "viz/views/attention_parts.h"
#include "viz/widgets/visible_text.h"

using namespace vitrine;
using namespace vitrine::viz;

namespace {

const std::string text = "The king gave the princess a ring.";

/// The middle of a cell on the screen, by the last frame.
ImVec2 cell_at(ViewStage& stage, Index query, Index key) {
    const HeatmapState& map = stage.memory().of<AttentionMemory>().heatmap;
    return {map.plot.x + (static_cast<float>(key) + 0.5F) * map.cell,
            map.plot.y + (static_cast<float>(query) + 0.5F) * map.cell};
}

Real value_of(const Run& run, Index layer, Index head, const char* name, Index query, Index key) {
    const Activation& a = run.activations.at("blocks." + std::to_string(layer) + ".attn." + name);
    const Index T = a.shape[1];
    return a.values[static_cast<std::size_t>((head * T + query) * T + key)];
}

bool holds(const std::string& all, const std::string& part) {
    return all.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("attention view: a cell under the pointer shows its tokens and the run's own numbers") {
    ViewStage stage;
    stage.run = run_text(bundled_model(), text);
    stage.stage.layer = 3;
    stage.stage.head = 2;
    stage.frames(draw_attention, 2);
    stage.move_to(cell_at(stage, 5, 2));
    stage.frames(draw_attention, 3);
    const std::string card = stage.text_of(draw_attention);
    INFO(card);
    CHECK(holds(card, "5  ·princess"));
    CHECK(holds(card, "2  ·king"));
    const double weight = static_cast<double>(value_of(*stage.run, 3, 2, "pattern", 5, 2));
    CHECK(holds(card, number_text(weight) + "  (" + percent_text(weight) + ")"));
    CHECK(
        holds(card, number_text(static_cast<double>(value_of(*stage.run, 3, 2, "scores", 5, 2)))));
    CHECK(holds(card, "visible"));
    CHECK(holds(card, "1.000"));  // the sum of the row
    CHECK(stage.stage.hovered_position == 5);

    stage.move_to(cell_at(stage, 2, 5));
    stage.frames(draw_attention, 3);
    CHECK(holds(stage.text_of(draw_attention), "hidden: comes later"));
}

TEST_CASE("attention view: a click pins row and column, arrows move on, Enter pins there") {
    ViewStage stage;
    stage.run = run_text(bundled_model(), text);
    stage.frames(draw_attention, 2);
    stage.click(draw_attention, cell_at(stage, 4, 2));
    CHECK(stage.stage.pinned_query == 4);
    CHECK(stage.stage.pinned_key == 2);
    stage.move_away();
    stage.frame(draw_attention);
    stage.press(draw_attention, ImGuiKey_DownArrow);
    stage.press(draw_attention, ImGuiKey_LeftArrow);
    stage.press(draw_attention, ImGuiKey_LeftArrow);
    const HeatmapState& map = stage.memory().of<AttentionMemory>().heatmap;
    CHECK(map.query == 5);
    CHECK(map.key == 0);
    stage.frames(draw_attention, 2);
    const std::string card = stage.text_of(draw_attention);
    CHECK(holds(card, "5  ·princess"));
    CHECK(
        holds(card, number_text(static_cast<double>(value_of(*stage.run, 0, 0, "pattern", 5, 0)))));
    stage.press(draw_attention, ImGuiKey_Enter);
    CHECK(stage.stage.pinned_query == 5);
    CHECK(stage.stage.pinned_key == 0);
    stage.press(draw_attention, ImGuiKey_Enter);
    CHECK(stage.stage.pinned_query == -1);
}

TEST_CASE("attention view: the picture holds the pattern's colours, one pixel a cell") {
    ViewStage stage;
    stage.run = run_text(bundled_model(), text);
    stage.stage.layer = 1;
    stage.stage.head = -1;
    stage.frame(draw_attention);
    const AttentionMemory& memory = stage.memory().of<AttentionMemory>();
    const viz::Image& image = memory.picture.image();
    const Index T = stage.run->positions();
    REQUIRE(image.width == T);
    for (Index query = 0; query < T; ++query) {
        double sum = 0.0;
        for (Index key = 0; key < T; ++key) {
            sum += static_cast<double>(memory.map.weight(query, key));
            const ImU32 pixel = image.at(static_cast<int>(key), static_cast<int>(query));
            CHECK(((pixel & IM_COL32_A_MASK) == 0) == (key > query));
        }
        CHECK(sum == doctest::Approx(1.0));  // an average of patterns is a pattern
    }
    double mean = 0.0;
    for (Index head = 0; head < 8; ++head) {
        mean += static_cast<double>(value_of(*stage.run, 1, head, "pattern", 4, 3)) / 8.0;
    }
    CHECK(memory.map.weight(4, 3) == doctest::Approx(mean));
}

TEST_CASE("attention view: the wheel zooms where the pointer is, and only the map") {
    ViewStage stage;
    stage.run = run_text(bundled_model(), text);
    stage.frames(draw_attention, 2);
    const ImVec2 at = cell_at(stage, 6, 6);
    stage.move_to(at);
    stage.frames(draw_attention, 2);
    ImGui::GetIO().MouseWheel = 2.0F;
    stage.frame(draw_attention);
    stage.frame(draw_attention);
    const HeatmapState& map = stage.memory().of<AttentionMemory>().heatmap;
    CHECK(map.camera.zoom > 1.2);  // the largest in this stage is near 1.3
    CHECK(stage.memory().of<AttentionMemory>().seen_query == 6);
    CHECK(stage.memory().of<AttentionMemory>().seen_key == 6);
}

TEST_CASE("attention view: lines, empty, loading and error states draw in both languages") {
    ViewStage stage({500.0F, 400.0F});
    for (const Language language : {Language::english, Language::korean}) {
        stage.language = language;
        stage.run = nullptr;
        CHECK(!stage.text_of(draw_attention).empty());
        stage.error = "the model file is broken";
        CHECK(holds(stage.text_of(draw_attention), "the model file is broken"));
        stage.error.clear();
        stage.busy = true;
        CHECK(!stage.text_of(draw_attention).empty());
        stage.busy = false;
        stage.run = run_text(bundled_model(), "x");
        stage.stage.lines = true;
        stage.frames(draw_attention, 3);
        stage.stage.lines = false;
        stage.frames(draw_attention, 3);
    }
}

TEST_CASE("attention export: CSV brings every weight back and quotes the tokens") {
    const Real weights[] = {1.0F, 0.0F, 0.1F, 0.9F};
    ChosenMap map;
    map.weights = weights;
    map.T = map.S = 2;
    const std::vector<std::string> labels{"a\"b", ",·c"};
    const std::string csv = attention_csv(map, labels, labels);
    CHECK(csv ==
          "\"query \\ key\",\"0 a\"\"b\",\"1 ,·c\"\r\n"
          "\"0 a\"\"b\",1,0\r\n"
          "\"1 ,·c\",0.100000001,0.899999976\r\n");
    CHECK(std::stof("0.100000001") == 0.1F);
}

TEST_CASE("attention view: a picture is written beside the frames, and the learner is told") {
    const std::filesystem::path folder =
        std::filesystem::path(VITRINE_BINARY_DIR) / "test-output" / "home";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder / "Pictures");
    const std::string home = std::getenv("HOME") == nullptr ? "" : std::getenv("HOME");
    const char* config = std::getenv("XDG_CONFIG_HOME");
    const std::string kept = config == nullptr ? "" : config;
    setenv("HOME", folder.c_str(), 1);
    unsetenv("XDG_CONFIG_HOME");
    ViewStage stage;
    stage.run = run_text(bundled_model(), text);
    stage.frame(draw_attention);
    AttentionMemory& memory = stage.memory().of<AttentionMemory>();
    const auto save = [&] {
        memory.saving =
            std::make_shared<const AttentionPicture>(attention_picture(stage.context(), memory));
        ++memory.pictures;
    };
    const std::filesystem::path picture = folder / "Pictures" / "vitrine-attention-L0-H0.png";
    // While the thread beside the window is held up, frames go on and no picture is made.
    std::promise<void> go_on;
    stage.context().background.ask<int>("a first task", 1, [&](const std::stop_token&) {
        go_on.get_future().wait();
        return std::make_shared<const int>(0);
    });
    save();
    stage.frames(draw_attention, 5);
    CHECK_FALSE(std::filesystem::exists(picture));
    CHECK(stage.wishes.toast.empty());
    go_on.set_value();
    stage.settle(draw_attention);
    CHECK(std::filesystem::exists(picture));
    CHECK(stage.wishes.toast == "Saved as " + picture.string());
    CHECK_FALSE(memory.saving);
    // A folder that nobody can write to: the reason is said.
    std::filesystem::create_directories(folder / ".config");
    std::ofstream(folder / ".config" / "user-dirs.dirs") << "XDG_PICTURES_DIR=\"/proc\"\n";
    save();
    stage.language = Language::korean;
    stage.settle(draw_attention);
    CHECK(holds(stage.wishes.toast, "그림을 저장하지 못했어요."));
    setenv("HOME", home.c_str(), 1);
    if (config != nullptr) setenv("XDG_CONFIG_HOME", kept.c_str(), 1);
}

TEST_CASE("attention export: a PNG appears whole, beside one that is there already") {
    const std::filesystem::path folder =
        std::filesystem::path(VITRINE_BINARY_DIR) / "test-output" / "pictures";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    ViewStage stage;
    stage.run = run_text(bundled_model(), text);
    stage.frame(draw_attention);
    AttentionMemory& memory = stage.memory().of<AttentionMemory>();
    ViewContext context = stage.context();
    const viz::Image image = painted(attention_picture(context, memory));
    save_png(image, free_path(folder, "map"));
    save_png(image, free_path(folder, "map"));
    CHECK(std::filesystem::file_size(folder / "map.png") > 1000);
    CHECK(std::filesystem::exists(folder / "map-2.png"));
    CHECK_THROWS(save_png(image, folder / "missing" / "map.png"));
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) files += entry.exists();
    CHECK(files == 2);
}
