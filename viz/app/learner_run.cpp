#include "viz/app/learner_run.h"

#include <stdlib.h>

#include <cstring>
#include <system_error>

#include "chapters/runner/places.h"
#include "chapters/runner/process.h"
#include "chapters/runner/workspace.h"
#include "io/safetensors.h"
#include "tensor/error.h"

namespace vitrine::viz {

namespace {

/// A folder in memory where there is one, removed at the end.
class ScratchFolder {
   public:
    ScratchFolder() {
        std::error_code none;
        const bool in_memory = std::filesystem::is_directory("/dev/shm", none);
        const std::filesystem::path base =
            in_memory ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path();
        std::string name = (base / "vitrine-run-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr)
            throw FileError(name, "a temporary folder", std::strerror(errno));
        path_ = name;
    }
    ~ScratchFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }

   private:
    std::filesystem::path path_;
};

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

/// The program's last words, without its name in front.
std::string last_words(const std::string& output) {
    const std::string mark = "vitrine: ";
    const std::size_t begin = output.rfind("\n" + mark);
    std::string words = begin != std::string::npos ? output.substr(begin + 1 + mark.size())
                        : output.starts_with(mark) ? output.substr(mark.size())
                                                   : output;
    while (!words.empty() && words.back() == '\n') words.pop_back();
    return words;
}

}  // namespace

LearnerRun run_learner(const std::filesystem::path& model_folder, std::span<const int> ids,
                       const std::string& choice, const std::stop_token& stop) {
    const ScratchFolder folder;
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
