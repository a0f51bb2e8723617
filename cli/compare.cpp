// vitrine compare: a learner's parts against the library's, inside of a real model.
// Alone: each part gets what the reference would get, so that one mistake does not spread. In the
// chain: each gets what the parts before it made.
#include <cmath>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "chapters/runner/comparison.h"
#include "chapters/runner/manifest.h"
#include "chapters/runner/workspace.h"
#include "cli/commands.h"
#include "cli/mine.h"
#include "cli/parts.h"
#include "cli/terminal.h"
#include "io/atomic_file.h"
#include "io/safetensors.h"
#include "models/language_model.h"
#include "tensor/error.h"
#include "text/tokenizer.h"

namespace vitrine::cli {

namespace {

using nlohmann::json;
using runner::PartReport;
using runner::PartsReport;
using runner::StepReport;
using runner::Trace;

struct Options {
    std::string model, text = "The king said to his daughter, ", parts = "mine", ids, report;
    bool as_json = false;
};

/// The worst call of each part, and the first that differs.
std::vector<PartReport> alone(const LanguageModel& model, const std::vector<int>& ids) {
    const auto learner = learner_parts({true, runner::workspace_folder() / ".cases"});
    runner::trace(model, ids, learner->parts());
    std::vector<PartReport> parts;
    for (const std::string& name : learner->written()) {
        PartReport part{name};
        for (const Comparison& call : learner->comparisons()) {
            if (call.part != name) continue;
            ++part.calls;
            part.largest = std::max(part.largest, call.largest);
            if (call.difference.empty() || !part.equal) continue;
            part.equal = false;
            part.first = call.where;  // a scope ends in the dot that its names follow
            if (part.first.ends_with('.')) part.first.pop_back();
            part.difference = call.difference;
            part.case_file = call.case_file;
        }
        if (part.calls > 0) parts.push_back(std::move(part));
    }
    return parts;
}

/// Fills the chain of the report. Returns the activations that the parts made.
ActivationCache chain(const LanguageModel& model, const std::vector<int>& ids, const Parts& parts,
                      PartsReport& report) {
    const Trace right = runner::trace(model, ids, fast_parts());
    try {
        Trace other = runner::trace(model, ids, parts);
        compare_chain(right, other.cache, report);
        return std::move(other.cache);
    } catch (const Error& problem) {  // a wrong shape, an exception: it got no further
        report.problem = problem.what();
        return {};
    }
}

std::string shown(double largest) {
    if (!std::isfinite(largest)) return "infinite";
    char text[32];
    std::snprintf(text, sizeof text, "%.1e", largest);
    return text;
}

void print_alone(const std::vector<PartReport>& parts) {
    std::cout << styled("Each part alone, on the reference's input", Style::bold) << '\n';
    if (parts.empty()) std::cout << "  none is written yet\n";
    for (const PartReport& part : parts) {
        std::cout << "  "
                  << styled(part.equal ? "equal  " : "differs",
                            part.equal ? Style::good : Style::bad)
                  << "  " << padded(part.part, 22)
                  << padded(std::to_string(part.calls) + (part.calls == 1 ? " call" : " calls"), 11)
                  << "largest difference " << shown(part.largest) << '\n';
        if (part.equal) continue;
        std::cout << "           first" << (part.first.empty() ? "" : " at " + part.first) << ": "
                  << part.difference << "; again in a debugger: vitrine check "
                  << runner::chapter_of(part.part) << " --case " << part.case_file << '\n';
    }
}

void print_chain(const PartsReport& report) {
    std::cout << styled("All of them in the model, one after the other", Style::bold) << '\n';
    if (!report.problem.empty()) {
        std::cout << "  " << styled("stops  ", Style::bad) << "  " << report.problem << '\n';
        return;
    }
    double largest = 0;
    std::size_t differ = 0;
    for (const StepReport& each : report.chain) {
        largest = std::max(largest, each.largest);
        differ += each.equal ? 0 : 1;
    }
    if (report.chain.empty()) {
        std::cout << "  nothing was recorded\n";
    } else if (report.first.empty()) {
        std::cout << "  " << styled("equal  ", Style::good) << "  all " << report.chain.size()
                  << " activations, largest difference " << shown(largest) << '\n';
    } else {
        std::cout << "  " << styled("differs", Style::bad) << "  first at " << report.first
                  << ", then " << differ - 1 << " more of " << report.chain.size()
                  << " activations\n";
    }
    if (!report.unrecorded.empty()) {
        std::cout << "           " << report.unrecorded.size()
                  << " more are not compared: no tap hands them on, the first is "
                  << report.unrecorded.front() << '\n';
    }
}

/// The ids that are given, or those of the text with the model's start token in front.
std::vector<int> ids_of(const Options& options, const std::filesystem::path& folder,
                        const LanguageModel& model) {
    if (!options.ids.empty()) return parse_ids(options.ids);
    std::vector<int> ids = Tokenizer::load(folder).encode(options.text, false).ids;
    if (model.info().bos_id >= 0) ids.insert(ids.begin(), model.info().bos_id);
    return ids;
}

void compare(const Options& options) {
    if (is_mine(options.parts) && !in_learner_process()) {
        const int status = run_in_learner_process(options.parts);
        if (status != 0) throw ExitStatus(status);
        return;
    }
    const auto folder = model_folder(options.model);
    const auto model = load_language_model(folder);
    const std::vector<int> ids = ids_of(options, folder, *model);
    PartsReport report;
    if (is_mine(options.parts)) report.alone = alone(*model, ids);
    const ActivationCache made = chain(*model, ids, parts_named(options.parts), report);
    json result = to_json(report);
    result["text"] = options.text;
    result["parts"] = options.parts;
    if (!options.report.empty()) {
        const std::filesystem::path to = options.report;
        std::map<std::string, TensorToWrite> tensors;
        for (const auto& [name, activation] : made)
            tensors[name] = to_write(activation.values, activation.shape);
        write_safetensors(to / "activations.safetensors", tensors);
        write_text_file(to / "report.json", result.dump() + "\n");
        return;
    }
    if (options.as_json) {
        print_json(result);
        return;
    }
    if (is_mine(options.parts)) print_alone(report.alone);
    print_chain(report);
}

}  // namespace

void add_compare(Command app) {
    const Command command = app.add_subcommand(
        "compare", "Your parts against the library's, number for number, in a real model");
    auto options = std::make_shared<Options>();
    command.add_option("--model", options->model, "name or folder (default: the bundled one)");
    command.add_option("--text", options->text, "what the model reads");
    add_parts_option(command, options->parts);
    command.add_option("--ids", options->ids, "what the model reads, as ids");
    command.add_option("--report", options->report,
                       "a folder to write report.json and activations.safetensors to");
    command.add_flag("--json", options->as_json, "print JSON");
    command.example("vitrine compare --parts mine=attention --text \"Once upon a time\"");
    command.callback([=] { compare(*options); });
}

}  // namespace vitrine::cli
