// The "normalizer" of a tokenizer.json: changes a text before it is cut into pieces.
// Supported: null. A further kind is a struct with run(), a name in the variant and a line in
// read_normalizer().
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <variant>

#include "text/aligned_text.h"

namespace vitrine {

struct NoNormalizer {
    void run(AlignedText&) const {}
};

using Normalizer = std::variant<NoNormalizer>;

/// @param root  the whole tokenizer.json. @throws FileError
Normalizer read_normalizer(const nlohmann::json& root, const std::string& where);

void normalize(const Normalizer& normalizer, AlignedText& text);

}  // namespace vitrine
