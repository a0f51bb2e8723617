#include "chapters/runner/workspace.h"

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <nlohmann/json.hpp>
#include <sstream>

#include "chapters/runner/checker.h"
#include "chapters/runner/places.h"
#include "io/atomic_file.h"
#include "io/json.h"
#include "tensor/error.h"

namespace vitrine::runner {

using nlohmann::json;

namespace {

std::filesystem::path progress_file() {
    return workspace_folder() / "progress.json";
}

std::string timestamp() {
    const std::time_t now = std::time(nullptr);
    char text[32];
    std::tm local{};
    std::strftime(text, sizeof text, "%Y%m%d-%H%M%S", localtime_r(&now, &local));
    return text;
}

/// For clangd and for a debugger in VS Code.
void write_editor_files(const Chapter& chapter) {
    const auto folder = workspace_folder();
    json commands = json::array();
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".cpp") continue;
        std::vector<std::string> command = compile_command();
        command.insert(command.end(), {"-c", entry.path().string()});
        commands.push_back({{"directory", folder.string()},
                            {"file", entry.path().string()},
                            {"arguments", command}});
    }
    write_text_file(folder / "compile_commands.json", commands.dump(2) + "\n");
    std::filesystem::create_directories(folder / ".vscode");
    const json launch{
        {"version", "0.2.0"},
        {"configurations",
         {{{"name", "Debug " + chapter.id},
           {"type", "cppdbg"},
           {"request", "launch"},
           {"program", places().program.string()},
           {"args",
            {"__host", "check", chapter.id, (folder / ".build" / (chapter.id + ".so")).string(),
             "/dev/stdout", "0", "0"}},
           {"cwd", folder.string()},
           {"MIMode", "gdb"}}}}};
    write_text_file(folder / ".vscode/launch.json", launch.dump(2) + "\n");
}

}  // namespace

std::filesystem::path workspace_folder() {
    const char* named = std::getenv("VITRINE_WORKSPACE");
    if (named != nullptr && *named != '\0') return std::filesystem::absolute(named);
    const std::filesystem::path source = places().chapters.parent_path();
    const bool is_checkout = std::filesystem::exists(source / "CMakeLists.txt");
    if (is_checkout && ::access(source.c_str(), W_OK) == 0) return source / "workspace";
    return std::filesystem::current_path() / "workspace";
}

std::filesystem::path exercise_file(const Chapter& chapter) {
    return workspace_folder() / (chapter.id + ".cpp");
}

std::filesystem::path start(const Chapter& chapter) {
    auto file = exercise_file(chapter);
    if (std::filesystem::exists(file)) {
        throw FileError(
            file.string(), "no file yet", "one that is there already",
            "go on with it, or `vitrine reset " + chapter.id + "` begins anew and keeps a backup");
    }
    std::filesystem::create_directories(file.parent_path());
    write_text_file(file, read_file(chapter.folder / "exercise.cpp", 1U << 20U));
    write_editor_files(chapter);
    Progress progress = progress_of(chapter);
    if (progress.state == ExerciseState::not_started) progress.state = ExerciseState::started;
    write_progress(chapter, progress);
    return file;
}

std::filesystem::path reset(const Chapter& chapter) {
    const auto file = exercise_file(chapter);
    if (!std::filesystem::exists(file)) {
        throw FileError(file.string(), "a file to reset", "none",
                        "`vitrine start " + chapter.id + "` makes one");
    }
    const std::string stem = (file.parent_path() / file.stem()).string() + "." + timestamp();
    std::filesystem::path backup = stem + ".bak.cpp";
    for (int i = 2; std::filesystem::exists(backup); ++i) {
        backup = stem + "-" + std::to_string(i) + ".bak.cpp";
    }
    write_text_file(backup, read_file(file, 16U << 20U));
    write_text_file(file, read_file(chapter.folder / "exercise.cpp", 1U << 20U));
    write_progress(chapter, {ExerciseState::started, 0});
    return backup;
}

std::map<std::string, Progress> read_progress() {
    std::map<std::string, Progress> all;
    json root;
    try {
        root = read_json(progress_file(), 1U << 20U);
    } catch (const Error&) {
        return all;
    }
    if (!root.is_object()) return all;
    for (const auto& [id, entry] : root.items()) {
        if (!entry.is_object()) continue;
        const json state = entry.value("state", json());
        const json hints = entry.value("hints", json());
        all[id] = {state == "passed"    ? ExerciseState::passed
                   : state == "started" ? ExerciseState::started
                                        : ExerciseState::not_started,
                   hints.is_number_integer() ? hints.get<int>() : 0};
    }
    return all;
}

Progress progress_of(const Chapter& chapter) {
    const auto all = read_progress();
    const auto found = all.find(chapter.id);
    return found == all.end() ? Progress{} : found->second;
}

void write_progress(const Chapter& chapter, const Progress& progress) {
    auto all = read_progress();
    all[chapter.id] = progress;
    json root = json::object();
    for (const auto& [id, each] : all) {
        root[id] = {{"state", each.state == ExerciseState::passed    ? "passed"
                              : each.state == ExerciseState::started ? "started"
                                                                     : "not started"},
                    {"hints", each.hints}};
    }
    std::filesystem::create_directories(workspace_folder());
    write_text_file(progress_file(), root.dump(2) + "\n");
}

}  // namespace vitrine::runner
