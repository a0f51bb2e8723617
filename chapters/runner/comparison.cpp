#include "chapters/runner/comparison.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "tensor/error.h"

namespace vitrine::runner {

using nlohmann::json;

namespace {

/// The largest absolute difference, and whether it is within rounding.
StepReport difference(const std::string& name, const Activation& a, const Activation& b) {
    StepReport result{name, 0.0, true};
    if (a.shape != b.shape) return {name, INFINITY, false};
    double scale = 1.0;
    for (std::size_t i = 0; i < a.values.size(); ++i) {
        const auto x = static_cast<double>(a.values[i]), y = static_cast<double>(b.values[i]);
        if (x == y) continue;  // hidden scores are minus infinity in both
        if (std::isfinite(x)) scale = std::max(scale, std::abs(x));
        const double apart = std::abs(x - y);
        result.largest = std::isnan(apart) ? INFINITY : std::max(result.largest, apart);
    }
    // What float32 sums in another order may come to over all layers of a small model.
    result.equal = result.largest <= 1e-4 * scale;
    return result;
}

json number(double value) {
    return std::isfinite(value) ? json(value) : json("infinite");
}

double number_of(const json& value) {
    return value.is_number() ? value.get<double>() : INFINITY;
}

}  // namespace

Trace trace(const LanguageModel& model, std::span<const int> ids, const Parts& parts,
            std::stop_token stop) {
    Trace result;
    Record record = Record::all();
    record.add_hook("*", [&](const Tapped& tapped) { result.order.emplace_back(tapped.name); });
    const Sequence sequence{ids, nullptr, &record};
    model.forward({&sequence, 1}, Logits::all, parts, std::move(stop));
    result.cache = record.take_cache();
    return result;
}

void compare_chain(const Trace& right, const ActivationCache& other, PartsReport& report) {
    for (const std::string& name : right.order) {
        const auto found = other.find(name);
        if (found == other.end()) {
            report.unrecorded.push_back(name);
            continue;
        }
        report.chain.push_back(difference(name, right.cache.at(name), found->second));
        if (!report.chain.back().equal && report.first.empty()) report.first = name;
    }
}

json to_json(const PartsReport& report) {
    json alone = json::array(), steps = json::array();
    for (const PartReport& each : report.alone) {
        json part{{"part", each.part},
                  {"calls", each.calls},
                  {"largest", number(each.largest)},
                  {"equal", each.equal}};
        if (!each.equal) {
            part["first"] = each.first;
            part["difference"] = each.difference;
            part["case"] = each.case_file;
        }
        alone.push_back(std::move(part));
    }
    for (const StepReport& each : report.chain) {
        steps.push_back(
            {{"name", each.name}, {"largest", number(each.largest)}, {"equal", each.equal}});
    }
    json chain{{"first", report.first.empty() ? json() : json(report.first)},
               {"activations", steps},
               {"unrecorded", report.unrecorded}};
    if (!report.problem.empty()) chain["problem"] = report.problem;
    return {{"alone", alone}, {"chain", chain}};
}

PartsReport report_from_json(const json& root) {
    PartsReport report;
    try {
        for (const json& each : root.at("alone")) {
            PartReport part{each.at("part"), each.at("calls"), number_of(each.at("largest")),
                            each.at("equal")};
            if (!part.equal) {
                part.first = each.at("first");
                part.difference = each.at("difference");
                part.case_file = each.at("case");
            }
            report.alone.push_back(std::move(part));
        }
        const json& chain = root.at("chain");
        for (const json& each : chain.at("activations")) {
            report.chain.push_back(
                {each.at("name"), number_of(each.at("largest")), each.at("equal")});
        }
        report.unrecorded = chain.value("unrecorded", std::vector<std::string>());
        if (chain.at("first").is_string()) report.first = chain.at("first");
        if (chain.contains("problem")) report.problem = chain.at("problem");
    } catch (const json::exception& problem) {
        throw FileError("a comparison", "what `vitrine compare --json` prints", problem.what());
    }
    return report;
}

}  // namespace vitrine::runner
