#include "text/normalizer.h"

#include "text/json_fields.h"

namespace vitrine {

Normalizer read_normalizer(const nlohmann::json& root, const std::string& where) {
    const std::string type = step_type(root, "normalizer", where);
    if (type.empty()) return NoNormalizer{};
    refuse_type(where, "normalizer", "null", type);
}

void normalize(const Normalizer& normalizer, AlignedText& text) {
    std::visit([&](const auto& kind) { kind.run(text); }, normalizer);
}

}  // namespace vitrine
