#include "viz/app/training_run.h"

#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <system_error>

#include "chapters/runner/places.h"
#include "chapters/runner/process.h"
#include "io/assets.h"
#include "io/atomic_file.h"
#include "io/json.h"
#include "io/lock_file.h"
#include "tensor/error.h"
#include "train/checkpoint.h"
#include "viz/app/child_folder.h"
#include "viz/app/settings.h"

namespace vitrine::viz {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

// Beside what the trainer keeps in its folder.
constexpr const char* settings_name = "settings.json";  // what the learner chose, as a recipe
constexpr const char* errors_name = "errors.txt";       // standard error of the process
constexpr const char* wish_name = "wish";               // "pause" or "stop"
constexpr const char* process_name = "process";         // started, and not at work yet

void list_runs(const fs::path& base, bool recorded, std::vector<RunPlace>& runs) {
    std::error_code none;
    std::vector<std::pair<fs::file_time_type, RunPlace>> found;
    for (const auto& entry : fs::directory_iterator(base, none)) {
        const fs::path& folder = entry.path();
        const bool is_run =
            fs::exists(folder / settings_name, none) || fs::exists(folder / "log.jsonl", none);
        if (!is_run) continue;
        const fs::path oldest = fs::exists(folder / settings_name, none) ? folder / settings_name
                                                                         : folder / "log.jsonl";
        found.push_back(
            {fs::last_write_time(oldest, none), {folder.filename().string(), folder, recorded}});
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
        return a.first != b.first ? a.first > b.first : a.second.name < b.second.name;
    });
    for (auto& each : found) runs.push_back(std::move(each.second));
}

/// A new folder "shakespeare-small-1" in runs_folder().
fs::path make_folder(const TrainingChoice& choice) {
    const fs::path base = runs_folder();
    std::error_code error;
    fs::create_directories(base, error);
    std::string name = choice.text.stem().string();
    if (name.empty()) name = "text";
    name += choice.size == ModelSize::small ? "-small-" : "-medium-";
    for (int i = 1; !error && i < 10000; ++i) {
        fs::path folder = base / (name + std::to_string(i));
        if (fs::create_directory(folder, error)) return folder;
    }
    throw FileError(base.string(), "a folder that can be written", error.message(),
                    "runs are kept there; XDG_DATA_HOME names another place");
}

void start(const fs::path& folder, std::vector<std::string> more) {
    std::vector<std::string> command{runner::places().program.string(), "train", "lm", "--out",
                                     folder.string()};
    command.insert(command.end(), more.begin(), more.end());
    std::error_code none;
    fs::remove(folder / wish_name, none);
    const int process =
        runner::start_detached(command, {"OMP_WAIT_POLICY=passive"}, folder / errors_name);
    write_text_file(folder / process_name, std::to_string(process));
}

std::string text_of(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::string text(64U << 10U, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(stream.gcount(), 0)));
    return text;
}

/// The process that was started just now and has not come to its lock yet; 0: there is none.
int starting_process(const fs::path& folder) {
    const fs::path file = folder / process_name;
    std::error_code none;
    const auto age = fs::file_time_type::clock::now() - fs::last_write_time(file, none);
    if (none || age > std::chrono::seconds(10)) return 0;  // the number may be another's by now
    const int process = std::atoi(text_of(file).c_str());
    return process > 0 && ::kill(process, 0) == 0 ? process : 0;
}

std::uint64_t number_of(const fs::path& file) {
    struct stat status {};
    return ::stat(file.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_ino) : 0;
}

}  // namespace

fs::path runs_folder() {
    return user_folder("XDG_DATA_HOME", ".local/share") / "vitrine/runs";
}

fs::path bundled_text() {
    return assets_folder() / "texts/shakespeare.txt";
}

std::vector<RunPlace> training_runs() {
    std::vector<RunPlace> runs;
    list_runs(runs_folder(), false, runs);
    list_runs(assets_folder() / "runs", true, runs);
    return runs;
}

std::string recipe_of(const TrainingChoice& choice) {
    const bool small = choice.size == ModelSize::small;
    const Index length = small ? 64 : 128, width = small ? 64 : 192;
    const Index every = std::max<Index>(1, choice.steps / 24);  // looks at the model on the way
    const json recipe{
        {"data",
         {{"sources", {{{"path", fs::absolute(choice.text).string()}, {"unit", "paragraph"}}}},
          {"validation_share", 0.05}}},
        {"vocabulary", small ? 512 : 2048},
        {"model",
         {{"layers", small ? 2 : 4},
          {"width", width},
          {"heads", small ? 4 : 6},
          {"ff_width", 4 * width},
          {"positions", length}}},
        {"phases", {{{"steps", choice.steps}, {"rows", 16}, {"length", length}}}},
        {"optimizer",
         {{"learning_rate", choice.learning_rate},
          {"warm_up", std::min<Index>(50, choice.steps / 10)}}},
        {"log_every", std::max<Index>(1, choice.steps / 300)},
        {"validate_every", every},
        {"checkpoint_every", every},
        {"keep_every", every},
        {"prompts", {"The king"}}};
    return recipe.dump(2) + "\n";
}

RunPlace begin_training(const TrainingChoice& choice) {
    if (!fs::exists(choice.text)) {
        throw FileError(choice.text.string(), "a text file, or a folder of them", "nothing there",
                        "type the whole path");
    }
    const fs::path folder = make_folder(choice);
    write_text_file(folder / settings_name, recipe_of(choice));
    start(folder, {"--config", (folder / settings_name).string()});
    return {folder.filename().string(), folder, false};
}

void go_on_training(const fs::path& folder) {
    // Before its recipe was there the run had done nothing that could be gone on with.
    if (fs::exists(folder / "recipe.json")) {
        start(folder, {"--resume"});
    } else {
        start(folder, {"--config", (folder / settings_name).string()});
    }
}

void end_training(const fs::path& folder, RunWish wish) {
    const bool asked = !text_of(folder / wish_name).empty();
    write_text_file(folder / wish_name, wish == RunWish::pause ? "pause" : "stop");
    if (asked) return;  // a second signal would end it before the checkpoint is written
    const int at_work = lock_holder(folder / "lock");
    const int process = at_work != 0 ? at_work : starting_process(folder);
    if (process > 0) ::kill(process, SIGINT);
}

void RunReader::read_log() {
    const fs::path file = place_.folder / "log.jsonl";
    std::error_code none;
    const std::uintmax_t size = fs::file_size(file, none);
    if (none) return;
    const std::uint64_t number = number_of(file);
    if (number != file_ || size < position_) {  // written anew: what is trained again was cut off
        log_ = {};
        unread_.clear();
        position_ = 0;
        file_ = number;
    }
    if (size == position_) return;
    std::ifstream stream(file, std::ios::binary);
    if (!stream.seekg(static_cast<std::streamoff>(position_))) return;
    const std::string more{std::istreambuf_iterator<char>(stream), {}};
    position_ += more.size();
    unread_ += more;
    read_training_log(unread_, log_);
    curves_ = curves_of(log_);
}

RunState RunReader::state(const TrainingSnapshot& snapshot, const std::string& said) const {
    if (place_.recorded) return RunState::recorded;
    const std::string wish = text_of(place_.folder / wish_name);
    if (snapshot.process != 0) return wish.empty() ? RunState::running : RunState::ending;
    if (starting_process(place_.folder) != 0) return RunState::starting;
    if (snapshot.log.ended) return RunState::finished;
    const RunState asked = wish.starts_with("pause") ? RunState::paused : RunState::stopped;
    if (said.find("stopped after step") != std::string::npos) return asked;
    if (said.find("vitrine: ") != std::string::npos) return RunState::failed;
    return wish.empty() ? RunState::cut_off : asked;  // asked to before it could say anything
}

std::shared_ptr<const TrainingSnapshot> RunReader::read() {
    auto snapshot = std::make_shared<TrainingSnapshot>();
    snapshot->place = place_;
    snapshot->runs = training_runs();
    if (place_.folder.empty()) return snapshot;
    // Before the log: a process that ends in between has written all of it.
    snapshot->process = place_.recorded ? 0 : lock_holder(place_.folder / "lock");
    read_log();
    snapshot->log = log_;
    snapshot->curves = curves_;
    for (const train::Checkpoint& each : train::checkpoints(place_.folder)) {
        snapshot->models.push_back({each.step, each.folder});
        if (each.resumes) snapshot->resumes_at = each.step;
    }
    const std::string said = text_of(place_.folder / errors_name);
    snapshot->state = state(*snapshot, said);
    if (snapshot->state == RunState::failed) snapshot->problem = last_words(said);
    return snapshot;
}

}  // namespace vitrine::viz
