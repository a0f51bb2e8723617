// What the commands of lib/pipeline.h share: a model, texts or a batch of them, JSON.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "pipeline.h"

namespace vitrine::cli {

struct TaskInputs {
    std::string model, batch;
    std::vector<std::string> texts;
    bool truncate = false, as_json = false;

    /// @param needs   of the model, for --help: "a classifier"
    /// @param pairs   a second text may stand behind the first
    void add_to(Command command, const std::string& needs, bool pairs);
    /// The texts of the command line, or those of --batch.
    /// @throws UsageError  neither
    std::vector<TaskText> read() const;
    /// @throws FileError  for a pair
    std::vector<std::string> read_single() const;
    TaskOptions options() const;

    /// As JSON (a list for a batch, otherwise the one result), or each by `print`.
    void print(const nlohmann::json& results,
               const std::function<void(const nlohmann::json&)>& print) const;
};

/// " 53.0 %"
std::string percent(double share);

}  // namespace vitrine::cli
