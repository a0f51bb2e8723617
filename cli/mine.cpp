#include "cli/mine.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>

#include "chapters/runner/checker.h"
#include "chapters/runner/limits.h"
#include "chapters/runner/process.h"
#include "chapters/runner/workspace.h"
#include "io/json.h"
#include "tensor/error.h"

namespace vitrine::cli {

namespace {

using namespace vitrine::runner;

constexpr const char* parts_variable = "VITRINE_LEARNER_PARTS";  // name=shared object, a line each
constexpr const char* status_variable = "VITRINE_LEARNER_STATUS";  // a file: see Status
constexpr double seconds_a_call = 20.0;

/// The part that was at work, or nothing.
std::string part_at_work(const std::string& status_file) {
    std::string text;
    std::getline(std::ifstream(status_file), text);
    const std::size_t end = text.find_last_not_of(' ');
    return end == std::string::npos || text[0] == '-' ? std::string() : text.substr(0, end + 1);
}

std::string without_number(const std::string& status) {
    return "your " + status.substr(status.find(' ') + 1);
}

/// This command's own words.
std::vector<std::string> own_command() {
    std::ifstream stream("/proc/self/cmdline", std::ios::binary);
    std::vector<std::string> command;
    for (std::string word; std::getline(stream, word, '\0');) command.push_back(word);
    command.at(0) = std::filesystem::read_symlink("/proc/self/exe").string();
    return command;
}

/// The learner's files that hold the parts that are asked for, compiled: a line "NAME=OBJECT" for
/// each of them. None asked for: all there are.
std::string compiled_parts(const std::vector<std::string>& names,
                           bool (*wanted)(const std::string& exercise)) {
    std::string parts;
    std::vector<std::string> missing = names;
    for (const Chapter& chapter : load_chapters()) {
        std::vector<std::string> chosen;
        for (const std::string& exercise : chapter.exercises) {
            const bool asked = std::find(names.begin(), names.end(), exercise) != names.end();
            if (wanted(exercise) && (names.empty() || asked)) chosen.push_back(exercise);
            std::erase(missing, exercise);
        }
        if (chosen.empty()) continue;
        const auto file = exercise_file(chapter);
        if (!std::filesystem::exists(file)) {
            std::cerr << "vitrine: " << chapter.id
                      << " is not started; the library's parts stand in\n";
            continue;
        }
        std::string problem;
        const auto object = compile_exercise(chapter, file, false, problem, {});
        if (!problem.empty()) throw Error(file.string() + " does not compile\n" + problem);
        for (const std::string& name : chosen) parts += name + "=" + object.string() + "\n";
    }
    if (!missing.empty()) {
        throw ArgumentError("--parts", "parts that a chapter teaches", missing.front(),
                            "`vitrine list --json` shows the exercises");
    }
    return parts;
}

/// An empty file that is removed at the end.
class Scratch {
   public:
    Scratch() {
        const int file = ::mkstemp(name_.data());
        if (file < 0) throw FileError(name_, "a temporary file", std::strerror(errno));
        ::close(file);
    }
    ~Scratch() { ::unlink(name_.c_str()); }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    const std::string& name() const { return name_; }

   private:
    std::string name_ = (std::filesystem::temp_directory_path() / "vitrine-XXXXXX").string();
};

/// "mine=attention,embed" -> attention, embed; "mine" -> none, which means all.
std::vector<std::string> chosen_names(const std::string& choice) {
    std::vector<std::string> names;
    if (choice.size() <= std::strlen("mine=")) return names;
    std::istringstream list(choice.substr(std::strlen("mine=")));
    for (std::string name; std::getline(list, name, ',');) names.push_back(name);
    return names;
}

}  // namespace

bool is_mine(const std::string& choice) {
    return choice == "mine" || choice.starts_with("mine=");
}

bool in_learner_process() {
    return std::getenv(parts_variable) != nullptr && std::getenv(status_variable) != nullptr;
}

int run_in_learner_process(const std::string& choice, bool (*wanted)(const std::string& exercise)) {
    using Clock = std::chrono::steady_clock;
    const std::string parts = compiled_parts(chosen_names(choice), wanted);
    const Scratch status;
    std::string seen;
    auto since = Clock::now();
    bool too_long = false;
    ::signal(SIGINT, SIG_IGN);  // Ctrl-C is the child's, which then ends as it should
    const Finished finished = run_process(
        own_command(),
        {std::string(parts_variable) + "=" + parts,
         std::string(status_variable) + "=" + status.name()},
        [&] {
            const std::string now = part_at_work(status.name());
            if (now != seen || now.empty()) since = Clock::now();
            seen = now;
            too_long = std::chrono::duration<double>(Clock::now() - since).count() > seconds_a_call;
            return !too_long;
        },
        Streams::shared);
    const std::string last = part_at_work(status.name());
    if (too_long) {
        throw Error(without_number(last),
                    "a result within " + std::to_string(int(seconds_a_call)) + " s",
                    "none: is there a loop without an end?");
    }
    if (finished.signal != 0) {
        throw Error(last.empty() ? "the run" : without_number(last), "a result",
                    std::string("a crash, ") + strsignal(finished.signal),
                    "`vitrine check --sanitize` looks for the line");
    }
    if (!last.empty()) throw Error(without_number(last), "a result", "the end of the program");
    return finished.exit_status;
}

namespace {

/// In the child: the shared objects that the parent compiled, by the name of the exercise.
std::map<std::string, std::filesystem::path> learner_objects() {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    limit_core_dumps();
    std::map<std::string, std::filesystem::path> objects;
    std::istringstream lines(std::getenv(parts_variable));
    for (std::string line; std::getline(lines, line);) {
        const std::size_t equals = line.find('=');
        objects[line.substr(0, equals)] = line.substr(equals + 1);
    }
    return objects;
}

}  // namespace

std::unique_ptr<LearnerParts> learner_parts(LearnerOptions options) {
    return std::make_unique<LearnerParts>(learner_objects(), std::getenv(status_variable),
                                          std::move(options));
}

std::unique_ptr<LearnerTraining> learner_training() {
    return std::make_unique<LearnerTraining>(learner_objects(), std::getenv(status_variable));
}

}  // namespace vitrine::cli
