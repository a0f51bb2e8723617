#include "train/detail.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace vitrine::train {

namespace {

constexpr int bins = 41;

/// "transformer.h.3.attn.c_attn.weight" belongs to "blocks.3", "decoder.block.3.layer.1..." to
/// "decoder.blocks.3".
std::string group_of(const std::string& name) {
    for (const char* before : {".h.", ".layers.", ".block.", ".layer."}) {
        const std::size_t at = name.find(before);
        if (at == std::string::npos) continue;
        const std::size_t begin = at + std::string(before).size();
        const std::string stack = name.substr(0, at + 1);
        const bool is_of_two = stack == "encoder." || stack == "decoder.";
        return (is_of_two ? stack : "") + "blocks." +
               name.substr(begin, name.find('.', begin) - begin);
    }
    for (const char* head : {"cls.", "bert.pooler.", "lm_head."})
        if (name.starts_with(head)) return "head";
    const bool is_norm =
        name.find("ln_f") != std::string::npos || name.find("norm") != std::string::npos;
    if (!is_norm) return "embed";
    return (name.starts_with("encoder.") ? "encoder." : "") + std::string("ln_final");
}

struct Group {
    std::string name;
    std::vector<const Parameter*> parameters;
};

std::vector<Group> groups_of(const Parameters& parameters) {
    std::vector<Group> groups;
    for (const Parameter& each : parameters.list()) {
        const std::string name = group_of(each.name);
        if (groups.empty() || groups.back().name != name) groups.push_back({name, {}});
        groups.back().parameters.push_back(&each);
    }
    return groups;
}

template <class Each>
void for_each_part(const Group& group, std::span<const Real> all, Each each) {
    for (const Parameter* parameter : group.parameters) each(parameter->in(all));
}

nlohmann::json histogram(const Group& group, std::span<const Real> all) {
    Real largest = 0;
    for_each_part(group, all, [&](std::span<const Real> part) {
        for (const Real x : part) largest = std::max(largest, std::abs(x));
    });
    std::vector<Index> counts(bins);
    const double scale = largest > 0 ? bins / (2 * static_cast<double>(largest)) : 0.0;
    for_each_part(group, all, [&](std::span<const Real> part) {
        for (const Real x : part) {
            const auto bin = static_cast<int>((static_cast<double>(x) + double(largest)) * scale);
            ++counts[static_cast<std::size_t>(std::clamp(bin, 0, bins - 1))];
        }
    });
    return {{"largest", largest}, {"counts", counts}};
}

}  // namespace

nlohmann::ordered_json norms_of_groups(const Parameters& parameters) {
    nlohmann::ordered_json norms;
    for (const Group& group : groups_of(parameters)) {
        double squares = 0;
        for_each_part(group, parameters.grads(), [&](std::span<const Real> part) {
            for (const Real g : part) squares += double(g) * double(g);
        });
        norms[group.name] = std::sqrt(squares);
    }
    return norms;
}

nlohmann::json histograms_of_groups(const Parameters& parameters) {
    nlohmann::json list = nlohmann::json::array();
    for (const Group& group : groups_of(parameters)) {
        list.push_back({{"name", group.name},
                        {"weights", histogram(group, parameters.values())},
                        {"gradients", histogram(group, parameters.grads())}});
    }
    return list;
}

}  // namespace vitrine::train
