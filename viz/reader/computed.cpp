#include "viz/reader/computed.h"

#include <algorithm>
#include <array>
#include <sstream>

#include "chapters/runner/places.h"
#include "chapters/runner/process.h"
#include "io/assets.h"
#include "models/language_model.h"
#include "tensor/error.h"

namespace vitrine::viz {

namespace {

std::vector<std::string> command_words(const std::string& line) {
    std::vector<std::string> words(1);
    bool quoted = false;
    for (const char c : line) {
        if (c == '"') {
            quoted = !quoted;
        } else if (c == ' ' && !quoted) {
            words.emplace_back();
        } else {
            words.back() += c;
        }
    }
    words.erase(words.begin());  // the program
    return words;
}

}  // namespace

std::vector<QuotedCommand> quoted_commands(const std::string& console) {
    const std::string prompt = "$ ";
    std::vector<QuotedCommand> commands;
    std::istringstream lines(console);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(prompt + "vitrine ")) {
            const std::string command = line.substr(prompt.size());
            commands.push_back({command, command_words(command), {}});
        } else if (!commands.empty()) {
            commands.back().printed += line + "\n";
        }
    }
    return commands;
}

std::string model_of(const QuotedCommand& command) {
    const auto option = std::find(command.words.begin(), command.words.end(), "--model");
    if (option != command.words.end() && option + 1 != command.words.end()) return option[1];
    return bundled_model_folder().filename().string();
}

bool only_computes(const QuotedCommand& command) {
    static constexpr std::array names{"show", "next", "nearest", "tokenize", "decode", "generate"};
    return !command.words.empty() &&
           std::find(names.begin(), names.end(), command.words.front()) != names.end();
}

std::string computed_console(const std::string& console, const std::stop_token& stop) {
    std::string result;
    for (const QuotedCommand& command : quoted_commands(console)) {
        if (!only_computes(command))
            throw ArgumentError(command.line, "a command that only computes", "another");
        std::vector<std::string> words = command.words;
        words.insert(words.begin(), runner::places().program.string());
        const runner::Finished finished = runner::run_process(
            words, {"OMP_WAIT_POLICY=passive"}, [&] { return !stop.stop_requested(); });
        if (stop.stop_requested()) throw Stopped();
        if (finished.exit_status != 0)
            throw ArgumentError(command.line, "numbers", finished.output);
        result += "$ " + command.line + "\n" + finished.output;
    }
    return result;
}

}  // namespace vitrine::viz
