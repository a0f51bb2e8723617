// The "pre_tokenizer" of a tokenizer.json: cuts a text into pieces; no token crosses a cut.
// Supported: null, ByteLevel. A further kind is a struct with run(), a name in the variant and a
// line in read_pre_tokenizer().
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <variant>
#include <vector>

#include "text/aligned_text.h"

namespace vitrine {

/// A text is one piece.
struct NoPreTokenizer {
    void run(AlignedText& text, std::vector<ByteRange>& pieces) const {
        if (!text.bytes().empty()) pieces.push_back({0, text.bytes().size()});
    }
};

/// GPT-2's: cuts by its pattern. That bytes are spelled in an alphabet of their own is the
/// vocabulary's matter: pieces are the bytes themselves.
struct ByteLevelPreTokenizer {
    bool add_prefix_space = true;  // " " in front of a text that starts without
    bool use_regex = true;         // false: a text is one piece

    void run(AlignedText& text, std::vector<ByteRange>& pieces) const;
};

using PreTokenizer = std::variant<NoPreTokenizer, ByteLevelPreTokenizer>;

/// @param root  the whole tokenizer.json. @throws FileError
PreTokenizer read_pre_tokenizer(const nlohmann::json& root, const std::string& where);

/// @param text    a stretch without added tokens; may be changed
/// @param pieces  filled with ranges of text.bytes(), none of them empty
void pre_tokenize(const PreTokenizer& pre_tokenizer, AlignedText& text,
                  std::vector<ByteRange>& pieces);

}  // namespace vitrine
