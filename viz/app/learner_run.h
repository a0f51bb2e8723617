// A run of the model with the learner's parts, in a process of its own: whatever their code does,
// the app goes on.
#pragma once

#include <filesystem>
#include <span>
#include <stop_token>
#include <string>

#include "activations/record.h"
#include "chapters/runner/comparison.h"

namespace vitrine::viz {

struct LearnerRun {
    ActivationCache activations;  // empty if the run did not get to its end
    runner::PartsReport report;
    std::string problem;  // in words for the learner: a crash, a wrong shape; empty: none
};

/// Runs `vitrine compare --parts CHOICE --report ...` and reads what it left.
/// @param choice  "mine", or "mine=attention,embed"
/// @throws Stopped  when asked to stop
LearnerRun run_learner(const std::filesystem::path& model_folder, std::span<const int> ids,
                       const std::string& choice, const std::stop_token& stop);

/// When the newest of the learner's files was saved, as a number that changes with every save; 0 if
/// there are none.
std::uint64_t newest_save();

}  // namespace vitrine::viz
