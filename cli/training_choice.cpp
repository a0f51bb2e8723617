#include "cli/training_choice.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "chapters/10_training/training.h"
#include "chapters/runner/chapters_parts.h"
#include "cli/arguments.h"
#include "cli/mine.h"
#include "io/assets.h"
#include "kernels/matmul.h"
#include "tensor/error.h"

namespace vitrine::cli {

namespace {

const LearnerTraining& of_learner() {
    static const auto parts = learner_training();
    return *parts;
}

}  // namespace

TrainingChoice training_choice(const std::string& parts) {
    set_threads(1);  // the model is so small that two would wait for each other
    if (parts == "fast") return {fast_parts(), train::fast_training_parts()};
    if (parts == "chapters") return {runner::chapters_parts(), chapters::training_parts()};
    if (is_mine(parts) && in_learner_process()) return {fast_parts(), of_learner().parts()};
    throw ArgumentError("--parts", "fast, chapters or mine", "\"" + parts + "\"");
}

std::vector<std::string> written_parts(const std::string& parts) {
    if (!is_mine(parts)) return chapters::gradient_parts();
    const std::vector<std::string> written = of_learner().written();
    std::vector<std::string> names;
    for (const std::string& name : chapters::gradient_parts()) {
        if (std::find(written.begin(), written.end(), name) != written.end()) names.push_back(name);
    }
    return names;
}

bool ran_in_learner_process(const std::string& parts) {
    if (!is_mine(parts) || in_learner_process()) return false;
    const int status = run_in_learner_process(parts, runner::is_training_part);
    if (status != 0) throw ExitStatus(status);
    return true;
}

chapters::CharacterText shakespeare() {
    const auto path = assets_folder() / "texts" / "shakespeare.txt";
    std::ifstream file(path, std::ios::binary);
    if (!file) throw FileError(path.string(), "the text that comes with Vitrine", "none");
    return chapters::read_characters({std::istreambuf_iterator<char>(file), {}});
}

}  // namespace vitrine::cli
