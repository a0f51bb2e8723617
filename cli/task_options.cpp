#include "cli/task_options.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/batch.h"
#include "cli/terminal.h"
#include "tensor/error.h"

namespace vitrine::cli {

using nlohmann::json;

void TaskInputs::add_to(Command command, const std::string& needs, bool pairs) {
    const Argument given = command.add_option(
        "texts", texts,
        pairs ? "a text, and one that belongs to it" : "the text; -: standard input");
    given.expected(1, pairs ? 2 : 1);
    command
        .add_option("--batch", batch,
                    pairs ? "a JSON array of texts or [a, b] pairs (-: standard input)"
                          : "a JSON array of texts (-: standard input)")
        .excludes(given);
    command.add_option("--model", model, "name or folder of " + needs).required();
    command.add_flag("--truncate", truncate, "cut a text that is too long");
    command.add_flag("--json", as_json, "print JSON");
}

std::vector<TaskText> TaskInputs::read() const {
    if (!batch.empty()) return read_batch(batch);
    if (texts.empty()) throw UsageError("a text or --batch is required");
    TaskText text{text_or_stdin(texts[0]), {}};
    if (texts.size() > 1) text.pair = texts[1];
    return {text};
}

std::vector<std::string> TaskInputs::read_single() const {
    std::vector<std::string> result;
    for (const TaskText& each : read()) {
        if (each.pair) {
            throw FileError(batch + ", item " + std::to_string(result.size()), "a text", "a pair");
        }
        result.push_back(each.text);
    }
    return result;
}

TaskOptions TaskInputs::options() const {
    TaskOptions options;
    options.truncate = truncate;
    return options;
}

void TaskInputs::print(const json& results, const std::function<void(const json&)>& print) const {
    if (as_json) {
        print_json(batch.empty() ? results.at(0) : results);
        return;
    }
    for (std::size_t i = 0; i < results.size(); ++i) {
        if (i > 0) std::puts("");
        print(results[i]);
    }
    std::fflush(stdout);
}

std::string percent(double share) {
    char text[16];
    std::snprintf(text, sizeof text, "%5.1f %%", share * 100);
    return text;
}

}  // namespace vitrine::cli
