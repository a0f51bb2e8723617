#include "viz/views/gradients.h"

#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "tests/chapters/workspace_fixture.h"
#include "tests/viz/view_stage.h"
#include "viz/views/gradients_parts.h"

using namespace vitrine;
using namespace vitrine::viz;
using vitrine::test::WorkspaceFixture;

namespace {

std::string chapter_file(const std::string& name) {
    return "#include \"" + std::string(VITRINE_SOURCE_DIR) + "/chapters/10_training/" + name +
           "\"\n";
}

/// Two parameters, two functions; the second function is wrong in the first parameter.
GradientReport report() {
    GradientReport report;
    report.columns = {"together", "linear_backward", "layer_norm_backward"};
    report.bound = 1e-4;
    report.rows = {{"wte", {1, 2}, 5.0, 5.0, {0.5, 1e-7, 0.5}, {3, 4}, {3, 6}},
                   {"wpe", {1, 2}, 5.0, 5.0, {1e-6, 1e-7, 1e-6}, {3, 4}, {3, 4}}};
    return report;
}

void wait_for(const CharacterRun& run) {
    while (run.running()) std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

}  // namespace

TEST_CASE("gradients: the report knows what is wrong, and by how much") {
    GradientReport made = report();
    CHECK_FALSE(made.equal());
    CHECK(made.wrong() == std::vector<std::string>{"layer_norm_backward"});
    CHECK(entry_error(made.rows[0], 0) == 0);
    CHECK(entry_error(made.rows[0], 1) == doctest::Approx(1.0 / 3));
    made.rows[0].errors = {1e-6, 1e-7, INFINITY};
    CHECK(made.equal());
    CHECK(made.wrong().size() == 1);  // infinite is wrong, too
    made.rows[0].mine[0] = NAN;
    CHECK(std::isinf(entry_error(made.rows[0], 0)));
}

TEST_CASE("gradients: green below the bound, above it a red that grows") {
    const Theme theme = make_theme(false, 1.0F);
    const auto alpha = [&](double error) {
        return error_colour(theme, error, 1e-4) >> IM_COL32_A_SHIFT;
    };
    CHECK(error_colour(theme, 0, 1e-4) == error_colour(theme, 9e-5, 1e-4));
    CHECK((error_colour(theme, 1, 1e-4) | IM_COL32_A_MASK) == theme.bad);
    CHECK(alpha(1e-3) < alpha(1e-1));
    CHECK(alpha(1e-1) < alpha(1));
    CHECK(alpha(INFINITY) == 255);
}

TEST_CASE("character log: whole lines are taken, half a line waits, NaN stays one") {
    CharacterLog log;
    std::string text =
        "{\"parameters\":19872,\"steps\":9}\n{\"step\":0,\"loss\":4.5,\"seconds\":0.5}\n{\"st";
    read_log(text, log);
    CHECK(log.steps == 9);
    CHECK(log.parameters == 19872);
    CHECK(log.losses == std::vector<Real>{4.5F});
    CHECK(text == "{\"st");
    text += "ep\":1,\"loss\":null}\nno json\n{\"step\":1,\"sample\":\"To be\"}\n{\"done\":true}\n";
    read_log(text, log);
    CHECK(text.empty());
    REQUIRE(log.losses.size() == 2);
    CHECK(std::isnan(log.losses[1]));
    CHECK(log.sample == "To be");
    CHECK(log.sample_step == 1);
    CHECK(log.done);
    CHECK(smoothed({4, 2, 3}) == std::vector<Real>{4, 3, 3});
    CHECK(smoothed(std::vector<Real>(60, 2)).back() == doctest::Approx(2));
}

TEST_CASE("gradients view: before the chapter is started it says where to begin") {
    const WorkspaceFixture workspace;
    ViewStage stage;
    stage.frames(draw_gradients, 2);
    CHECK(stage.text_of(draw_gradients).find("not started chapter 10") != std::string::npos);
    stage.language = Language::korean;
    CHECK(stage.text_of(draw_gradients).find("10장을 시작하지") != std::string::npos);
}

TEST_CASE("gradients view: the learner's file is computed, a save again, until all is green") {
    const WorkspaceFixture workspace;
    workspace.write("10_training.cpp", chapter_file("variants/mean_forgotten.cpp"));
    ViewStage stage({1400.0F, 900.0F});
    stage.settle(draw_gradients);
    auto& memory = stage.memory().of<GradientsMemory>();
    REQUIRE(memory.report);
    CHECK(memory.report->rows.size() == 28);
    CHECK(stage.text_of(draw_gradients).find("Wrong by itself: layer_norm_backward") !=
          std::string::npos);

    workspace.write("10_training.cpp", chapter_file("solution.cpp"));
    memory.look_at = 0;
    stage.settle(draw_gradients);
    CHECK(memory.report->equal());
    CHECK(stage.text_of(draw_gradients).find("Every gradient is right") != std::string::npos);

    workspace.write("10_training.cpp", "nonsense");
    memory.look_at = 0;
    stage.settle(draw_gradients);
    CHECK(stage.text_of(draw_gradients).find("does not compile") != std::string::npos);
}

TEST_CASE("gradients view: arrows walk over the table, and the entries follow") {
    const WorkspaceFixture workspace;
    ViewStage stage({1400.0F, 900.0F});
    auto& memory = stage.memory().of<GradientsMemory>();
    memory.parts = "chapters";
    stage.settle(draw_gradients);
    REQUIRE(memory.report);
    for (int i = 0; i < 12 && !memory.by_keyboard; ++i) {
        stage.press(draw_gradients, ImGuiKey_Tab);
        stage.press(draw_gradients, ImGuiKey_DownArrow);
    }
    REQUIRE(memory.by_keyboard);
    stage.press(draw_gradients, ImGuiKey_DownArrow);
    stage.press(draw_gradients, ImGuiKey_RightArrow);
    CHECK(memory.row >= 1);
    CHECK(memory.column == 1);
    const GradientRow& row = memory.report->rows[static_cast<std::size_t>(memory.row)];
    CHECK(memory.entries.image().width == row.shape[1]);
    CHECK(memory.entries.image().height == row.shape[0]);
}

TEST_CASE("character run: the process logs, can be stopped, and says why it failed") {
    const WorkspaceFixture workspace;
    CharacterRun run("fast", 3);
    wait_for(run);
    CHECK(run.take());
    CHECK(run.log().losses.size() == 3);
    CHECK(run.log().sample.size() == 160);
    CHECK(run.log().done);
    CHECK(run.problem().empty());

    workspace.write("10_training.cpp", "nonsense");
    CharacterRun broken("mine", 3);
    wait_for(broken);
    CHECK(broken.problem().find("does not compile") != std::string::npos);

    { const CharacterRun endless("fast", 1000000); }  // ends with its owner
}

TEST_CASE("gradients view: both models train, pause and stop") {
    const WorkspaceFixture workspace;
    ViewStage stage({1400.0F, 900.0F});
    auto& memory = stage.memory().of<GradientsMemory>();
    memory.parts = "chapters";
    stage.settle(draw_gradients);
    memory.trained = "chapters";
    memory.mine = std::make_unique<CharacterRun>("chapters", 20);
    memory.library = std::make_unique<CharacterRun>("fast", 20);
    stage.frame(draw_gradients);
    memory.mine->pause(true);
    CHECK(stage.text_of(draw_gradients).find("Go on") != std::string::npos);
    memory.mine->pause(false);
    wait_for(*memory.mine);
    wait_for(*memory.library);
    stage.frame(draw_gradients);
    REQUIRE(memory.mine_curve.size() == 20);
    REQUIRE(memory.library_curve.size() == 20);
    CHECK(memory.mine_curve.back() == doctest::Approx(double(memory.library_curve.back())));
    CHECK(stage.text_of(draw_gradients).find("The chapter's writes, after step 20") !=
          std::string::npos);
}
