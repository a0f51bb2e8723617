// vitrine compare: a learner's parts against the library's, inside of a real model.
// Alone: each part gets what the reference would get, so that one mistake does not spread. In the
// chain: each gets what the parts before it made.
#include <cmath>
#include <iostream>
#include <memory>

#include "chapters/runner/manifest.h"
#include "chapters/runner/workspace.h"
#include "cli/commands.h"
#include "cli/mine.h"
#include "cli/parts.h"
#include "cli/terminal.h"
#include "models/language_model.h"
#include "tensor/error.h"
#include "text/tokenizer.h"

namespace vitrine::cli {

namespace {

using nlohmann::json;

struct Options {
    std::string model, text = "The king said to his daughter, ", parts = "mine";
    bool as_json = false;
};

/// The activations of a run, in the order in which they were made.
struct Trace {
    std::vector<std::string> order;
    ActivationCache cache;
};

Trace trace(const LanguageModel& model, const std::vector<int>& ids, const Parts& parts) {
    Trace result;
    Record record = Record::all();
    record.add_hook("*", [&](const Tapped& tapped) { result.order.emplace_back(tapped.name); });
    const Sequence sequence{ids, nullptr, &record};
    model.forward({&sequence, 1}, Logits::all, parts);
    result.cache = record.take_cache();
    return result;
}

/// The largest absolute difference, and whether it is more than rounding.
struct Difference {
    double largest = 0.0;
    bool differs = false;
};

Difference difference(const Activation& a, const Activation& b) {
    Difference result;
    if (a.shape != b.shape) return {INFINITY, true};
    double scale = 1.0;
    for (std::size_t i = 0; i < a.values.size(); ++i) {
        const auto x = static_cast<double>(a.values[i]), y = static_cast<double>(b.values[i]);
        if (x == y) continue;  // hidden scores are minus infinity in both
        if (std::isfinite(x)) scale = std::max(scale, std::abs(x));
        const double apart = std::abs(x - y);
        result.largest = std::isnan(apart) ? INFINITY : std::max(result.largest, apart);
    }
    // What float32 sums in another order may come to over all layers of a small model.
    result.differs = !(result.largest <= 1e-4 * scale);
    return result;
}

json number(double value) {
    return std::isfinite(value) ? json(value) : json("infinite");
}

/// The worst call of each part, and the first that differs.
json alone(const LanguageModel& model, const std::vector<int>& ids) {
    const auto learner = learner_parts({true, runner::workspace_folder() / ".cases"});
    trace(model, ids, learner->parts());
    json parts = json::array();
    for (const std::string& name : learner->written()) {
        json part{{"part", name}, {"calls", 0}, {"largest", 0.0}, {"equal", true}};
        double largest = 0;
        for (const Comparison& call : learner->comparisons()) {
            if (call.part != name) continue;
            part["calls"] = part["calls"].get<int>() + 1;
            largest = std::max(largest, call.largest);
            if (call.difference.empty() || !part["equal"].get<bool>()) continue;
            part["equal"] = false;
            part["first"] = call.where;
            part["difference"] = call.difference;
            part["case"] = call.case_file;
        }
        part["largest"] = number(largest);
        parts.push_back(std::move(part));
    }
    return parts;
}

json chain(const LanguageModel& model, const std::vector<int>& ids, const Parts& parts) {
    const Trace right = trace(model, ids, fast_parts());
    Trace other;
    try {
        other = trace(model, ids, parts);
    } catch (const Error& problem) {  // a wrong shape, an exception: it got no further
        return {{"first", nullptr}, {"activations", json::array()}, {"problem", problem.what()}};
    }
    json activations = json::array(), first = nullptr;
    for (const std::string& name : right.order) {
        const auto found = other.cache.find(name);
        const Difference apart = found == other.cache.end()
                                     ? Difference{INFINITY, true}
                                     : difference(right.cache.at(name), found->second);
        activations.push_back(
            {{"name", name}, {"largest", number(apart.largest)}, {"equal", !apart.differs}});
        if (apart.differs && first.is_null()) first = name;
    }
    return {{"first", first}, {"activations", activations}};
}

std::string chapter_of(const std::string& part) {
    for (const runner::Chapter& chapter : runner::load_chapters()) {
        for (const std::string& exercise : chapter.exercises) {
            if (exercise == part) return chapter.id;
        }
    }
    return {};
}

std::string shown(const json& largest) {
    if (!largest.is_number()) return "infinite";
    char text[32];
    std::snprintf(text, sizeof text, "%.1e", largest.get<double>());
    return text;
}

void print_alone(const json& parts) {
    std::cout << styled("Each part alone, on the reference's input", Style::bold) << '\n';
    if (parts.empty()) std::cout << "  none is written yet\n";
    for (const json& part : parts) {
        const bool equal = part["equal"].get<bool>();
        const auto name = part["part"].get<std::string>();
        std::cout << "  " << styled(equal ? "equal  " : "differs", equal ? Style::good : Style::bad)
                  << "  " << padded(name, 22) << padded(part["calls"].dump() + " calls", 11)
                  << "largest difference " << shown(part["largest"]) << '\n';
        if (equal) continue;
        const auto where = part["first"].get<std::string>();
        std::cout << "           first" << (where.empty() ? "" : " at " + where) << ": "
                  << part["difference"].get<std::string>()
                  << "; again in a debugger: vitrine check " << chapter_of(name) << " --case "
                  << part["case"].get<std::string>() << '\n';
    }
}

void print_chain(const json& result) {
    std::cout << styled("All of them in the model, one after the other", Style::bold) << '\n';
    if (result.contains("problem")) {
        std::cout << "  " << styled("stops  ", Style::bad) << "  "
                  << result["problem"].get<std::string>() << '\n';
        return;
    }
    if (result["first"].is_null()) {
        double largest = 0;
        for (const json& each : result["activations"])
            largest = std::max(largest, each["largest"].get<double>());
        std::cout << "  " << styled("equal  ", Style::good) << "  all "
                  << result["activations"].size() << " activations, largest difference "
                  << shown(largest) << '\n';
        return;
    }
    std::size_t differ = 0;
    for (const json& each : result["activations"]) differ += each["equal"].get<bool>() ? 0 : 1;
    std::cout << "  " << styled("differs", Style::bad) << "  first at "
              << result["first"].get<std::string>() << ", then " << differ - 1 << " more of "
              << result["activations"].size() << " activations\n";
}

void compare(const Options& options) {
    if (is_mine(options.parts) && !in_learner_process()) {
        const int status = run_in_learner_process(options.parts);
        if (status != 0) throw CLI::RuntimeError(status);
        return;
    }
    const auto folder = model_folder(options.model);
    const auto model = load_language_model(folder);
    std::vector<int> ids = Tokenizer::load(folder).encode(options.text, false).ids;
    if (model->info().bos_id >= 0) ids.insert(ids.begin(), model->info().bos_id);
    json result{{"text", options.text}, {"parts", options.parts}, {"alone", json::array()}};
    if (is_mine(options.parts)) result["alone"] = alone(*model, ids);
    result["chain"] = chain(*model, ids, parts_named(options.parts));
    if (options.as_json) {
        print_json(result);
        return;
    }
    if (is_mine(options.parts)) print_alone(result["alone"]);
    print_chain(result["chain"]);
}

}  // namespace

void add_compare(CLI::App& app) {
    auto* command = app.add_subcommand(
        "compare", "Your parts against the library's, number for number, in a real model");
    auto options = std::make_shared<Options>();
    command->add_option("--model", options->model, "name or folder (default: the bundled one)");
    command->add_option("--text", options->text, "what the model reads");
    add_parts_option(*command, options->parts);
    command->add_flag("--json", options->as_json, "print JSON");
    example(*command, "vitrine compare --parts mine=attention --text \"Once upon a time\"");
    command->callback([=] { compare(*options); });
}

}  // namespace vitrine::cli
