#include "viz/views/training.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <stdlib.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <thread>

#include "tests/viz/view_stage.h"
#include "viz/app/dropped_file.h"
#include "viz/views/training_parts.h"

using namespace vitrine;
using namespace vitrine::viz;
namespace fs = std::filesystem;

namespace {

/// Runs and assets of a test's own: no run of the learner's, none of the program's.
class Home {
   public:
    Home() {
        std::string name = (fs::temp_directory_path() / "vitrine runs XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        folder_ = name;
        fs::create_directories(folder_ / "assets/runs");
        for (const char* each : {"models", "texts"})
            fs::create_directory_symlink(assets_folder() / each, folder_ / "assets" / each);
        ::setenv("XDG_DATA_HOME", name.c_str(), 1);
        ::setenv("VITRINE_ASSETS", (folder_ / "assets").c_str(), 1);
    }
    ~Home() {
        ::unsetenv("XDG_DATA_HOME");
        ::unsetenv("VITRINE_ASSETS");
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
    Home(const Home&) = delete;
    Home& operator=(const Home&) = delete;
    fs::path operator/(const std::string& name) const { return folder_ / name; }

    /// A run of 40 steps with checkpoints at 10 and 20; both are the model of the assets.
    fs::path recorded(const std::string& name) const {
        const fs::path run = folder_ / "assets/runs" / name;
        fs::create_directories(run / "checkpoints");
        for (const char* step : {"step-00000010", "step-00000020"}) {
            fs::create_directory_symlink(folder_ / "assets/models/stories260k",
                                         run / "checkpoints" / step);
        }
        std::ofstream log(run / "log.jsonl");
        log << "{\"event\":\"start\",\"step\":0,\"steps\":40,\"parameters\":260000}\n";
        for (int step = 10; step <= 20; step += 10) {
            log << "{\"event\":\"step\",\"step\":" << step << ",\"loss\":" << 5 - step / 10
                << ",\"learning_rate\":0.001,\"grad_norm\":1,\"seconds\":1,\"tokens_per_second\":9,"
                   "\"grad_norms\":{\"embed\":0.5,\"blocks.0\":0.25}}\n"
                << "{\"event\":\"detail\",\"step\":" << step
                << ",\"groups\":[{\"name\":\"embed\",\"weights\":{\"largest\":0.5,\"counts\":[1,2,"
                   "1]}"
                   ",\"gradients\":{\"largest\":0.5,\"counts\":[1,2,1]}}]}\n"
                << "{\"event\":\"sample\",\"step\":" << step
                << ",\"prompt\":\"Once\",\"text\":\" sample" << step << "\"}\n";
        }
        log << "{\"event\":\"step\",\"st";  // half a line
        return run;
    }

   private:
    fs::path folder_;
};

/// Reads a run until it is so.
std::shared_ptr<const TrainingSnapshot> wait_until(
    RunReader& reader, const std::function<bool(const TrainingSnapshot&)>& is_so) {
    for (;;) {
        auto snapshot = reader.read();
        if (is_so(*snapshot)) return snapshot;
        REQUIRE(snapshot->state != RunState::failed);
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

fs::path counting(const Home& home) {
    std::ofstream text(home / "counting.txt");
    for (int i = 0; i < 300; ++i)
        text << "one two three four five six seven eight nine ten, " << i << " times\n\n";
    return home / "counting.txt";
}

bool shows(ViewStage& stage, const std::string& words) {
    return stage.text_of(draw_training).find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("training view: without a run it offers to begin one, and says where it is kept") {
    const Home home;
    ViewStage stage({1000.0F, 900.0F});
    stage.settle(draw_training);
    CHECK(shows(stage, "There is no run yet"));
    CHECK(shows(stage, (home / "vitrine/runs").string()));
    stage.language = Language::korean;
    CHECK(shows(stage, "아직 학습한 것이 없어요"));
    CHECK_THROWS_WITH(begin_training({"/nowhere/text.txt", ModelSize::small, 100, 1e-3}),
                      doctest::Contains("/nowhere/text.txt"));
    CHECK(training_runs().empty());
}

TEST_CASE("training view: a file that is dropped is the text of a new run") {
    const Home home;
    home.recorded("tiny");
    ViewStage stage({1000.0F, 900.0F});
    stage.settle(draw_training);
    auto& memory = stage.memory().of<TrainingMemory>();
    CHECK_FALSE(memory.shows_form);
    stage.memory().of<DroppedFile>().path = "/a/글.txt";
    stage.frame(draw_training);
    CHECK(memory.shows_form);
    CHECK(memory.form.text == 1);
    CHECK(memory.form.path.text() == "/a/글.txt");
    CHECK(stage.memory().of<DroppedFile>().path.empty());
    stage.memory().of<DroppedFile>().path = std::string(5000, 'x');  // longer than any path
    stage.frame(draw_training);
    CHECK(memory.form.path.text().size() == memory.form.path.bytes.size() - 1);
}

TEST_CASE("training view: a recorded run is looked at without training, checkpoint by checkpoint") {
    const Home home;
    home.recorded("tiny");
    ViewStage stage({1200.0F, 1000.0F});
    stage.run = run_text(bundled_model(), "The king");
    stage.settle(draw_training);
    stage.settle(draw_training);
    auto& memory = stage.memory().of<TrainingMemory>();
    REQUIRE(memory.snapshot);
    CHECK(memory.snapshot->state == RunState::recorded);
    CHECK(memory.snapshot->models.size() == 2);
    CHECK(memory.snapshot->log.steps.size() == 2);
    CHECK(shows(stage, "recorded"));
    REQUIRE(memory.moment);
    CHECK(memory.moment->step == 20);
    CHECK(memory.moment->run->text == "The king");
    CHECK(memory.moment->run->model->name == "step-00000020");
    CHECK_FALSE(memory.moment->written.empty());
    CHECK(shows(stage, "Once sample20"));

    choose_model(memory, 0);
    stage.settle(draw_training);
    CHECK(memory.moment->step == 10);
    CHECK(shown_step(memory) == 10);
    CHECK(shows(stage, "Once sample10"));
    // Another text is run by the same checkpoint.
    stage.run = run_text(bundled_model(), "Once upon");
    stage.settle(draw_training);
    CHECK(memory.moment->run->text == "Once upon");
    CHECK(memory.moment->step == 10);
    // Playing walks to the newest and ends.
    memory.playing = true;
    for (int i = 0; i < 120 && memory.playing; ++i) stage.settle(draw_training);
    CHECK_FALSE(memory.playing);
    CHECK(memory.moment->step == 20);
}

TEST_CASE("training view: arrows walk over the checkpoints") {
    const Home home;
    home.recorded("tiny");
    ViewStage stage({1200.0F, 1000.0F});
    stage.settle(draw_training);
    auto& memory = stage.memory().of<TrainingMemory>();
    REQUIRE(memory.snapshot);
    const auto press = [&](ImGuiKey key) {
        ImGuiContext& g = *ImGui::GetCurrentContext();
        g.NavWindow = ImGui::FindWindowByName("stage");
        g.NavId = ImHashStr("checkpoints", 0, g.NavWindow->ID);
        stage.press(draw_training, key);
    };
    CHECK(memory.step == -1);  // the newest
    press(ImGuiKey_LeftArrow);
    CHECK(memory.step == 10);
    press(ImGuiKey_RightArrow);
    CHECK(memory.step == -1);
    press(ImGuiKey_Home);
    CHECK(memory.step == 10);
    press(ImGuiKey_LeftArrow);  // there is none before it
    CHECK(memory.step == 10);
    press(ImGuiKey_End);
    CHECK(memory.step == -1);
}

TEST_CASE("training run: paused, found again by another, killed and gone on with to its end") {
    const Home home;
    const RunPlace place = begin_training({counting(home), ModelSize::small, 48, 3e-3});
    CHECK(place.folder == home / "vitrine/runs/counting-small-1");
    CHECK(training_runs() == std::vector<RunPlace>{place});
    RunReader reader(place);
    auto snapshot = wait_until(reader, [](const auto& run) { return run.log.last_step() > 0; });
    CHECK(snapshot->state == RunState::running);
    CHECK(snapshot->process > 0);
    end_training(place.folder, RunWish::pause);
    snapshot = wait_until(reader, [](const auto& run) { return run.state == RunState::paused; });
    CHECK(snapshot->process == 0);
    CHECK(snapshot->resumes_at > 0);
    const Index paused_at = snapshot->resumes_at;

    RunReader another(place);  // as an app that was opened just now
    snapshot = another.read();
    CHECK(snapshot->state == RunState::paused);
    CHECK(snapshot->resumes_at == paused_at);
    CHECK(snapshot->log.last_step() <= paused_at);
    go_on_training(place.folder);
    snapshot = wait_until(another, [&](const auto& run) {
        return run.process > 0 && run.log.last_step() > paused_at;
    });
    ::kill(snapshot->process, SIGKILL);
    snapshot = wait_until(reader, [](const auto& run) { return run.state == RunState::cut_off; });
    CHECK(snapshot->process == 0);

    go_on_training(place.folder);
    snapshot = wait_until(reader, [](const auto& run) { return run.state == RunState::finished; });
    CHECK(snapshot->log.last_step() == 48);
    CHECK(snapshot->log.broken_lines == 0);
    // Every step stands there once, in order, however often the run was cut off.
    for (std::size_t i = 0; i < snapshot->log.steps.size(); ++i)
        CHECK(snapshot->log.steps[i].step == static_cast<Index>(i) + 1);
    CHECK(snapshot->log.steps.back().loss < 0.8F * snapshot->log.steps.front().loss);
    CHECK(snapshot->models.size() >= 20);
}

TEST_CASE("training view: what the process said when it failed is shown") {
    const Home home;
    std::ofstream(home / "broken.txt") << "fine\n\nbroken \xff\n\n";
    const RunPlace place = begin_training({home / "broken.txt", ModelSize::small, 100, 1e-3});
    RunReader reader(place);
    while (reader.read()->state != RunState::failed)
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    CHECK(reader.read()->problem.find("broken.txt") != std::string::npos);
    ViewStage stage({1000.0F, 900.0F});
    for (int i = 0; i < 3; ++i) stage.settle(draw_training);
    CHECK(shows(stage, "failed"));
    CHECK(shows(stage, "broken.txt"));
    CHECK(shows(stage, "Go on"));
}
