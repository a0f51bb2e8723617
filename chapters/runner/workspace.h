// The learner's folder: their files, and how far they are. $VITRINE_WORKSPACE, else workspace/ in
// the source tree, else workspace/ in the present folder.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "chapters/runner/manifest.h"

namespace vitrine::runner {

enum class ExerciseState { not_started, started, passed };

struct Progress {
    ExerciseState state = ExerciseState::not_started;
    int hints = 0;  // shown so far
};

std::filesystem::path workspace_folder();
/// The learner's file of a chapter; it may not exist.
std::filesystem::path exercise_file(const Chapter& chapter);

/// Copies the stub, and writes what editors and debuggers need.
/// @throws FileError if the learner's file is there already
std::filesystem::path start(const Chapter& chapter);
/// Puts the stub in the place of the learner's file. Returns the backup that keeps what was there.
/// @throws FileError if there is nothing to reset
std::filesystem::path reset(const Chapter& chapter);

/// By chapter id. A damaged file counts as empty.
std::map<std::string, Progress> read_progress();
Progress progress_of(const Chapter& chapter);
void write_progress(const Chapter& chapter, const Progress& progress);

}  // namespace vitrine::runner
