// vitrine gradients: the gradient of every parameter of chapter 10's character model, by anybody's
// backward functions, against the library's.
#include <algorithm>
#include <cmath>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/parts.h"
#include "cli/terminal.h"
#include "cli/training_choice.h"
#include "io/atomic_file.h"
#include "io/safetensors.h"

namespace vitrine::cli {

namespace {

using chapters::GradientCheck;
using nlohmann::json;

struct Options {
    std::string parts = "mine", report;
    bool as_json = false;
};

constexpr double equal_below = 1e-4;  // relative: float32 sums of 128 rows in another order

/// JSON has no infinite numbers: such an error is null.
json number(double value) {
    return std::isfinite(value) ? json(value) : json();
}

json to_json(const GradientCheck& check, const Options& options) {
    json columns = json::array(), parameters = json::array();
    for (const auto& column : check.columns) columns.push_back(column.name);
    bool equal = true;
    for (std::size_t p = 0; p < check.parameters.size(); ++p) {
        json errors = json::array();
        for (const auto& column : check.columns) {
            errors.push_back(number(column.errors[p]));
            equal = equal && column.errors[p] < equal_below;
        }
        parameters.push_back({{"name", check.parameters[p].name},
                              {"shape", check.parameters[p].shape},
                              {"length", check.lengths[p]},
                              {"slope", check.slopes[p]},
                              {"errors", errors}});
    }
    return {{"parts", options.parts},
            {"columns", columns},
            {"parameters", parameters},
            {"equal", equal},
            {"bound", equal_below}};
}

void write_report(const GradientCheck& check, const json& result, const std::string& folder) {
    std::map<std::string, TensorToWrite> tensors;
    const auto put = [&](const std::string& prefix, const std::vector<Real>& grads) {
        for (const auto& each : check.parameters) {
            const std::span<const float> numbers(grads.data() + each.begin,
                                                 static_cast<std::size_t>(each.size()));
            tensors[prefix + "." + each.name] =
                to_write(numbers, std::vector<Index>(each.shape.begin(), each.shape.end()));
        }
    };
    put("reference", check.reference);
    put("together", check.columns.front().grads);
    const std::filesystem::path to = folder;
    write_safetensors(to / "gradients.safetensors", tensors);
    write_text_file(to / "gradients.json", result.dump() + "\n");
}

std::string shown(double error) {
    if (!std::isfinite(error)) return "infinite";
    char text[32];
    std::snprintf(text, sizeof text, "%.1e", error);
    return text;
}

void print(const GradientCheck& check) {
    if (check.columns.size() == 1) {
        std::cout << "None of the functions is written yet.\n";
        return;
    }
    std::cout << "Relative error of each gradient. An error in the first column comes from the "
                 "function whose column shows it too.\n";
    std::cout << padded("", 22);
    for (const auto& column : check.columns)
        std::cout << "  " << padded(column.name, std::max(12, columns(column.name)));
    std::cout << '\n';
    for (std::size_t p = 0; p < check.parameters.size(); ++p) {
        std::cout << padded(check.parameters[p].name, 22);
        for (const auto& column : check.columns) {
            const bool good = column.errors[p] < equal_below;
            std::cout << "  "
                      << styled(padded(good ? "equal" : shown(column.errors[p]),
                                       std::max(12, columns(column.name))),
                                good ? Style::good : Style::bad);
        }
        std::cout << '\n';
    }
}

void gradients(const Options& options) {
    if (ran_in_learner_process(options.parts)) return;
    const TrainingChoice choice = training_choice(options.parts);
    GradientCheck check =
        chapters::check_gradients(fast_parts(), choice.training, train::fast_training_parts(),
                                  written_parts(options.parts), shakespeare());
    // Only when a function was called it turns out that it is not written yet.
    const std::vector<std::string> written = written_parts(options.parts);
    std::erase_if(check.columns, [&](const GradientCheck::Column& column) {
        return column.name != "together" &&
               std::find(written.begin(), written.end(), column.name) == written.end();
    });
    const json result = to_json(check, options);
    if (!options.report.empty()) {
        write_report(check, result, options.report);
    } else if (options.as_json) {
        print_json(result);
    } else {
        print(check);
    }
}

}  // namespace

void add_gradients(Command app) {
    const Command command = app.add_subcommand(
        "gradients", "Your backward functions against the library's, for every parameter");
    auto options = std::make_shared<Options>();
    add_parts_option(command, options->parts);
    command.add_option("--report", options->report,
                       "a folder to write gradients.json and gradients.safetensors to");
    command.add_flag("--json", options->as_json, "print JSON");
    command.example("vitrine gradients --parts mine=layer_norm_backward");
    command.callback([=] { gradients(*options); });
}

}  // namespace vitrine::cli
