#include <fstream>
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
                              line.find("undefined") != std::string::npos;
        if (shown.empty() && !is_error) continue;
        if (!shown.empty() && is_error) break;
        shown += line + "\n";
        if (++count == 6) break;
    }
    return shown.empty() ? output.substr(0, 2000) : shown;
}

}  // namespace

std::filesystem::path compile_exercise(const Chapter& chapter, const std::filesystem::path& file,
                                       bool sanitize, std::string& problem,
                                       const std::stop_token& stop) {
    const auto folder = workspace_folder() / ".build";
    std::filesystem::create_directories(folder);
    const std::string name = file.stem().string() + (sanitize ? ".asan" : "");
    const auto wrapper = folder / (name + ".wrap.cpp");
    const auto object = folder / (name + ".so");
    std::filesystem::remove(object);
    write_text_file(wrapper, "#include \"" + file.string() + "\"\n#include \"" +
                                 (chapter.folder / "bind.h").string() + "\"\n");

    std::vector<std::string> command{VITRINE_CXX};
    for (const std::string& flag : words(VITRINE_LEARNER_FLAGS)) command.push_back(flag);
    if (sanitize) {
        command.push_back("-fsanitize=address");
    } else {
        command.insert(command.end(), {"-include", VITRINE_LEARNER_PRELUDE});
    }
    command.insert(command.end(),
                   {"-shared", "-fno-diagnostics-color", "-o", object.string(), wrapper.string()});
    Finished compiled;
    try {
        compiled = run_process(command, {"LC_ALL=C"}, [&] { return !stop.stop_requested(); });
    } catch (const Error&) {
        problem = std::string("the compiler ") + VITRINE_CXX +
                  " is not there: install g++ and build Vitrine again";
        return {};
    }
    if (compiled.exit_status != 0) problem = first_error(compiled.output);
    return object;
}

}  // namespace vitrine::runner
