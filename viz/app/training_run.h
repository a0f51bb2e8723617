// Training runs on disk: where they are, how one is begun, paused and taken up again in a process
// of its own, and what its folder says. The process needs no app, and the app no process: whatever
// is shown is read from the folder, so that a run is found again after either has ended.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "viz/app/training_log.h"

namespace vitrine::viz {

/// $XDG_DATA_HOME/vitrine/runs, else ~/.local/share/vitrine/runs. May not exist yet.
std::filesystem::path runs_folder();
/// A text to begin with, from the assets.
std::filesystem::path bundled_text();

struct RunPlace {
    std::string name;
    std::filesystem::path folder;
    bool recorded = false;  // of the assets: it can be looked at, not gone on with
    bool operator==(const RunPlace&) const = default;
};
/// The learner's runs, the newest first, then the recorded ones.
std::vector<RunPlace> training_runs();

enum class ModelSize { small, medium };

/// What the learner chose.
struct TrainingChoice {
    std::filesystem::path text;
    ModelSize size = ModelSize::small;
    Index steps = 600;
    double learning_rate = 3e-3;
};
/// As a recipe for `vitrine train lm --config` (docs/training.md).
std::string recipe_of(const TrainingChoice& choice);

/// What shall become of a run.
enum class RunWish { go_on, pause, stop };

/// Makes a folder for a run in runs_folder() and begins it. @return the run
/// @throws Error  if that can't be done
RunPlace begin_training(const TrainingChoice& choice);
/// Takes a run up again from its last checkpoint. @throws Error
void go_on_training(const std::filesystem::path& folder);
/// Asks the process to write a checkpoint and to end.
void end_training(const std::filesystem::path& folder, RunWish wish);

enum class RunState {
    starting,  // the process is there, its first word is not
    running,
    ending,   // it was asked to, and writes its last checkpoint
    paused,   // by the learner
    stopped,  // by the learner, or by Ctrl-C
    finished,
    failed,   // it said why
    cut_off,  // killed, or the power went: it goes on from its last checkpoint
    recorded  // a run of the assets
};

struct SavedModel {
    Index step = 0;
    std::filesystem::path folder;
};

/// A run as it was at one moment.
struct TrainingSnapshot {
    RunPlace place;
    RunState state = RunState::cut_off;
    int process = 0;      // that trains; 0: none
    std::string problem;  // what the process said when it failed
    TrainingLog log;
    TrainingCurves curves;
    std::vector<SavedModel> models;  // by step
    Index resumes_at = 0;            // the step of the last checkpoint
    std::vector<RunPlace> runs;      // all there are
};

/// Reads a folder again and again; takes from the log only what was added. Of one thread. Without a
/// folder it only lists the runs.
class RunReader {
   public:
    explicit RunReader(RunPlace place) : place_(std::move(place)) {}
    std::shared_ptr<const TrainingSnapshot> read();

   private:
    void read_log();
    RunState state(const TrainingSnapshot& snapshot, const std::string& said) const;

    RunPlace place_;
    TrainingLog log_;
    TrainingCurves curves_;
    std::string unread_;
    std::uintmax_t position_ = 0;
    std::uint64_t file_ = 0;  // the log's number on the disk: it is another one after it was cut
};

}  // namespace vitrine::viz
