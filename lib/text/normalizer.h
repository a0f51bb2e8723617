// The "normalizer" of a tokenizer.json: changes a text before it is cut into pieces.
// Supported: null, Prepend, Replace of a string, Sequence. A further kind is a struct with run(), a
// name in the variant and a line in read_normalizer().
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <variant>
#include <vector>

#include "text/aligned_text.h"

namespace vitrine {

/// Puts a text in front of what is not empty.
struct PrependNormalizer {
    std::string front;
    void run(AlignedText& text) const { text.prepend(front); }
};

struct ReplaceNormalizer {
    std::string from, to;
    void run(AlignedText& text) const { text.replace_all(from, to); }
};

/// The steps in order; sequences inside of sequences are laid out flat.
using Normalizer = std::vector<std::variant<PrependNormalizer, ReplaceNormalizer>>;

/// @param root  the whole tokenizer.json. @throws FileError
Normalizer read_normalizer(const nlohmann::json& root, const std::string& where);

void normalize(const Normalizer& normalizer, AlignedText& text);

}  // namespace vitrine
