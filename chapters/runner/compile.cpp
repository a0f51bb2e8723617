#include <unistd.h>

#include <sstream>

#include "chapters/runner/checker.h"
#include "chapters/runner/config.h"
#include "chapters/runner/process.h"
#include "chapters/runner/workspace.h"
#include "io/atomic_file.h"
#include "tensor/error.h"

namespace vitrine::runner {

namespace {

std::vector<std::string> words(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> result;
    for (std::string word; stream >> word;) result.push_back(word);
    return result;
}

/// The compiler's first error with its place and the lines that show it.
std::string first_error(const std::string& output) {
    std::istringstream lines(output);
    std::string shown;
    int count = 0;
    for (std::string line; std::getline(lines, line);) {
        const bool is_error = line.find(" error: ") != std::string::npos ||
                              line.find("undefined reference") != std::string::npos;
        if (shown.empty() && !is_error) continue;
        if (!shown.empty() && is_error) break;
        shown += line + "\n";
        if (++count == 6) break;
    }
    return shown.empty() ? output.substr(0, 2000) : shown;
}

}  // namespace

std::vector<std::string> compile_command() {
    std::vector<std::string> command{VITRINE_CXX};
    for (const std::string& flag : words(VITRINE_LEARNER_FLAGS)) command.push_back(flag);
    command.push_back("-I" VITRINE_SOURCE "/lib");
    command.push_back("-I" VITRINE_SOURCE);
    return command;
}

std::filesystem::path compile_exercise(const Chapter& chapter, const std::filesystem::path& file,
                                       bool sanitize, std::string& problem,
                                       const std::stop_token& stop) {
    if (!std::filesystem::exists(VITRINE_LEARNER_PRELUDE)) {
        throw FileError(VITRINE_LEARNER_PRELUDE, "Vitrine's headers, to compile an exercise with",
                        "none", "exercises are checked by a Vitrine that stays where it was built");
    }
    const auto folder = workspace_folder() / ".build";
    std::filesystem::create_directories(folder);
    const std::string stem = file.stem().string();
    const std::string name =
        (stem == chapter.id ? stem : chapter.id + "." + stem) + (sanitize ? ".asan" : "");
    const auto wrapper = folder / (name + ".wrap.cpp");
    const auto object = folder / (name + ".so");
    // A second check at the same time must not see half a file.
    const auto fresh = folder / (name + "." + std::to_string(::getpid()) + ".so");
    write_text_file(wrapper, "#include \"" + file.string() + "\"\n#include \"" +
                                 (chapter.folder / "bind.h").string() + "\"\n");

    std::vector<std::string> command = compile_command();
    if (sanitize) {
        command.push_back("-fsanitize=address");
    } else {
        command.push_back("-include");
        command.push_back(VITRINE_LEARNER_PRELUDE);
    }
    for (const char* option : {"-shared", "-fno-diagnostics-color", "-o"})
        command.push_back(option);
    command.push_back(fresh.string());
    command.push_back(wrapper.string());
    Finished compiled;
    try {
        compiled = run_process(command, {"LC_ALL=C"}, [&] { return !stop.stop_requested(); });
    } catch (const Error&) {
        throw FileError(VITRINE_CXX, "the compiler that built Vitrine", "none",
                        "install g++ and build Vitrine again");
    }
    if (compiled.exit_status == 0) {
        std::filesystem::rename(fresh, object);
    } else {
        std::error_code ignored;
        std::filesystem::remove(fresh, ignored);
        problem = first_error(compiled.output);
    }
    return object;
}

}  // namespace vitrine::runner
