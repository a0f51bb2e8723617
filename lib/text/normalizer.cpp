#include "text/normalizer.h"

#include "text/json_fields.h"

namespace vitrine {

using nlohmann::json;

namespace {

/// Appends the steps of one normalizer, which may be a sequence.
void read_steps(const json& step, const std::string& where, Normalizer& steps) {
    const std::string place = where + ", \"normalizer\"";
    const std::string type = read_text(step, "type", "", place);
    if (type == "Prepend") {
        steps.push_back(PrependNormalizer{read_text(step, "prepend", "", place)});
    } else if (type == "Replace") {
        const auto [from, to] = read_replacement(step, place);
        steps.push_back(ReplaceNormalizer{from, to});
    } else if (type == "Sequence") {
        for (const json& part : require_member(step, "normalizers", json::value_t::array, place)) {
            if (!part.is_object()) throw FileError(place, "steps that are objects", shown(part));
            read_steps(part, where, steps);
        }
    } else {
        refuse_type(where, "normalizer", "null, Prepend, Replace of a string or Sequence", type);
    }
}

}  // namespace

Normalizer read_normalizer(const json& root, const std::string& where) {
    Normalizer steps;
    if (step_type(root, "normalizer", where).empty()) return steps;
    read_steps(root["normalizer"], where, steps);
    return steps;
}

void normalize(const Normalizer& normalizer, AlignedText& text) {
    for (const auto& step : normalizer) {
        std::visit([&](const auto& kind) { kind.run(text); }, step);
    }
}

}  // namespace vitrine
