#include "viz/app/learner_run.h"

#include <nlohmann/json.hpp>
#include <system_error>

#include "chapters/runner/places.h"
#include "chapters/runner/process.h"
#include "chapters/runner/workspace.h"
#include "io/safetensors.h"
#include "tensor/error.h"
#include "viz/app/child_folder.h"

namespace vitrine::viz {

namespace {

std::string list_of(std::span<const int> ids) {
    std::string list;
    for (const int id : ids) {
        if (!list.empty()) list += ',';
        list += std::to_string(id);
    }
    return list;
}

ActivationCache read_activations(const std::filesystem::path& file) {
    ActivationCache cache;
    const TensorFile tensors = TensorFile::open(file);
    for (const auto& [name, stored] : tensors.tensors())
        cache[name] = {std::string(), stored.shape, stored.floats()};
    return cache;
}

}  // namespace

LearnerRun run_learner(const std::filesystem::path& model_folder, std::span<const int> ids,
                       const std::string& choice, const std::stop_token& stop) {
    const ChildFolder folder;
    const runner::Finished finished = runner::run_process(
        {runner::places().program.string(), "compare", "--parts", choice, "--model",
         model_folder.string(), "--ids", list_of(ids), "--report", folder.path().string()},
        {"OMP_WAIT_POLICY=passive"}, [&] { return !stop.stop_requested(); });
    if (stop.stop_requested()) throw Stopped();
    LearnerRun run;
    if (finished.exit_status != 0) {
        run.problem = last_words(finished.output);
        return run;
    }
    run.report = runner::report_from_json(read_json(folder.path() / "report.json", 16U << 20U));
    run.problem = run.report.problem;
    if (run.problem.empty())
        run.activations = read_activations(folder.path() / "activations.safetensors");
    return run;
}

std::uint64_t newest_save() {
    std::uint64_t newest = 0;
    std::error_code error;
    for (const auto& entry :
         std::filesystem::directory_iterator(runner::workspace_folder(), error)) {
        if (entry.path().extension() != ".cpp") continue;
        const auto time = entry.last_write_time(error).time_since_epoch().count();
        if (!error) newest = std::max(newest, static_cast<std::uint64_t>(time));
    }
    return newest;
}

}  // namespace vitrine::viz
