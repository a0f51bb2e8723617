// The "normalizer" of a tokenizer.json: changes a text before it is cut into pieces.
// A further kind is a struct with run(), a name in the variant and a line in read_steps().
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <variant>
#include <vector>

#include "text/aligned_text.h"
#include "text/bert_normalizer.h"
#include "text/precompiled.h"
#include "text/split.h"
#include "text/unicode_forms.h"

namespace vitrine {

/// Puts a text in front of what is not empty.
struct PrependNormalizer {
    std::string front;
    void run(AlignedText& text) const { text.prepend(front); }
};

/// Every match of a pattern by a text.
struct ReplaceNormalizer {
    Pattern pattern;
    std::string to;
    void run(AlignedText& text) const;
};

struct UnicodeNormalizer {
    UnicodeForm form = UnicodeForm::nfc;
    void run(AlignedText& text) const { to_unicode_form(form, text); }
};

struct LowercaseNormalizer {
    void run(AlignedText& text) const;
};

/// Takes marks away that stand as characters of their own, as they do after NFD.
struct StripAccentsNormalizer {
    void run(AlignedText& text) const;
};

/// Takes white space off the ends.
struct StripNormalizer {
    bool left = true, right = true;
    void run(AlignedText& text) const;
};

/// The steps in order; sequences inside of sequences are laid out flat.
using Normalizer =
    std::vector<std::variant<PrependNormalizer, ReplaceNormalizer, BertNormalizer,
                             UnicodeNormalizer, LowercaseNormalizer, StripAccentsNormalizer,
                             StripNormalizer, PrecompiledNormalizer>>;

/// @param root  the whole tokenizer.json. @throws FileError
Normalizer read_normalizer(const nlohmann::json& root, const std::string& where);

void normalize(const Normalizer& normalizer, AlignedText& text);

}  // namespace vitrine
