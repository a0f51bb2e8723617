#include <unistd.h>

#include <fstream>
#include <sstream>
#include <utility>

#include "chapters/runner/checker.h"
#include "chapters/runner/config.h"
#include "chapters/runner/places.h"
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

std::string content(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// The files that a compiler's dependency file lists: "object: a.cpp b\\ c.h".
std::vector<std::string> dependencies(const std::filesystem::path& file) {
    const std::string text = content(file);
    std::vector<std::string> names;
    std::string name;
    for (std::size_t i = text.find(": ") + 1; i < text.size(); ++i) {
        const bool escaped = text[i] == '\\' && i + 1 < text.size();
        if (escaped && text[i + 1] == ' ') {
            name += text[++i];
        } else if (!escaped && std::isspace(static_cast<unsigned char>(text[i])) == 0) {
            name += text[i];
        } else if (!name.empty()) {
            names.push_back(std::exchange(name, {}));
        }
    }
    return names;
}

/// All that an object was made from: while it stays the same, nothing is compiled again.
std::string key_of(const std::vector<std::string>& command,
                   const std::filesystem::path& dependency_file) {
    std::string key;
    for (const std::string& word : command) {
        if (!word.ends_with(".so")) key += word + "\n";  // its name holds the process's number
    }
    std::vector<std::string> files = dependencies(dependency_file);
    files.push_back(places().prelude.string() + ".gch");
    for (const std::string& file : files) {
        std::error_code gone;
        const auto time = std::filesystem::last_write_time(file, gone);
        key += file + " " + std::to_string(gone ? 0 : time.time_since_epoch().count()) + "\n";
    }
    return key;
}

}  // namespace

std::vector<std::string> compile_command() {
    std::vector<std::string> command{VITRINE_CXX};
    for (const std::string& flag : words(VITRINE_LEARNER_FLAGS)) command.push_back(flag);
    for (const auto& folder : places().includes) command.push_back("-I" + folder.string());
    return command;
}

std::filesystem::path compile_exercise(const Chapter& chapter, const std::filesystem::path& file,
                                       bool sanitize, std::string& problem,
                                       const std::stop_token& stop) {
    const std::string prelude = places().prelude.string();
    if (!std::filesystem::exists(prelude)) {
        throw FileError(prelude, "Vitrine's headers, to compile an exercise with", "none",
                        "build or install Vitrine again");
    }
    const auto folder = workspace_folder() / ".build";
    std::filesystem::create_directories(folder);
    const std::string stem = file.stem().string();
    const std::string name =
        (stem == chapter.id ? stem : chapter.id + "." + stem) + (sanitize ? ".asan" : "");
    const auto wrapper = folder / (name + ".wrap.cpp");
    auto object = folder / (name + ".so");
    // A second check at the same time must not see half a file.
    const auto fresh = folder / (name + "." + std::to_string(::getpid()) + ".so");
    const std::string text = "#include \"" + file.string() + "\"\n#include \"" +
                             (chapter.folder / "bind.h").string() + "\"\n";
    if (content(wrapper) != text) write_text_file(wrapper, text);  // its time is looked at

    std::vector<std::string> command = compile_command();
    if (sanitize) {
        command.push_back("-fsanitize=address");
    } else {
        command.push_back("-include");
        command.push_back(prelude);
    }
    command.insert(command.end(),
                   {"-shared", "-fno-diagnostics-color", "-o", fresh.string(), wrapper.string()});
    const auto key_file = folder / (name + ".key"), used = folder / (name + ".d");
    command.insert(command.end(), {"-MMD", "-MF", used.string()});
    std::error_code ignored;
    if (std::filesystem::exists(object, ignored) && content(key_file) == key_of(command, used))
        return object;
    Finished compiled;
    try {
        compiled = run_process(command, {"LC_ALL=C"}, [&] { return !stop.stop_requested(); });
    } catch (const Error&) {
        throw FileError(VITRINE_CXX, "the compiler that built Vitrine", "none",
                        "install g++ and build Vitrine again");
    }
    if (compiled.exit_status == 0) {
        std::filesystem::remove(key_file, ignored);  // an object never stands beside another's key
        std::filesystem::rename(fresh, object);
        write_text_file(key_file, key_of(command, used));
    } else {
        std::filesystem::remove(fresh, ignored);
        problem = first_error(compiled.output);
    }
    return object;
}

}  // namespace vitrine::runner
