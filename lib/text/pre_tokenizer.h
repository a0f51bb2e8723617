// The "pre_tokenizer" of a tokenizer.json: cuts a text into pieces; no token crosses a cut.
// A further kind is a struct with run(), a name in the variant and a line in read_step().
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <variant>
#include <vector>

#include "text/aligned_text.h"
#include "text/split.h"

namespace vitrine {

/// The pieces that a text is cut into so far, as ranges of its bytes. A step cuts them further; one
/// that changes the text says where its pieces are in the new one.
using PieceRanges = std::vector<ByteRange>;

/// GPT-2's: cuts by its pattern. That bytes are spelled in an alphabet of their own is the
/// vocabulary's matter: pieces are the bytes themselves.
struct ByteLevelPreTokenizer {
    bool add_prefix_space = true;  // " " in front of a piece that starts without
    bool use_regex = true;         // false: a piece stays one

    void run(AlignedText& text, PieceRanges& pieces) const;
};

/// White space goes, punctuation is a piece a character.
struct BertPreTokenizer {
    void run(AlignedText& text, PieceRanges& pieces) const;
};

/// Words and runs of other characters: \w+|[^\w\s]+.
struct WhitespacePreTokenizer {
    void run(AlignedText& text, PieceRanges& pieces) const;
};

/// Cuts at white space, which goes.
struct WhitespaceSplitPreTokenizer {
    void run(AlignedText& text, PieceRanges& pieces) const;
};

/// Cuts at punctuation.
struct PunctuationPreTokenizer {
    SplitBehavior behavior = SplitBehavior::isolated;
    void run(AlignedText& text, PieceRanges& pieces) const;
};

/// Cuts around numbers, or around each digit.
struct DigitsPreTokenizer {
    bool individual_digits = false;
    void run(AlignedText& text, PieceRanges& pieces) const;
};

/// Writes spaces as "▁", puts one in front, and cuts before each.
struct MetaspacePreTokenizer {
    enum class Prepend { always, first, never };
    std::string replacement = "▁";
    Prepend prepend = Prepend::always;  // first: only at the start of the whole text
    bool split = true;

    void run(AlignedText& text, PieceRanges& pieces) const;
};

/// Cuts at the matches of a pattern.
struct SplitPreTokenizer {
    Pattern pattern;
    SplitBehavior behavior = SplitBehavior::isolated;
    bool invert = false;  // what lies between matches counts as a match

    void run(AlignedText& text, PieceRanges& pieces) const;
};

using PreTokenizerStep =
    std::variant<ByteLevelPreTokenizer, BertPreTokenizer, WhitespacePreTokenizer,
                 WhitespaceSplitPreTokenizer, PunctuationPreTokenizer, DigitsPreTokenizer,
                 MetaspacePreTokenizer, SplitPreTokenizer>;

/// The steps in order; sequences inside of sequences are laid out flat. None: a text is one piece.
using PreTokenizer = std::vector<PreTokenizerStep>;

/// @param root  the whole tokenizer.json. @throws FileError
PreTokenizer read_pre_tokenizer(const nlohmann::json& root, const std::string& where);

/// @param text    a stretch without added tokens; may be changed
/// @param pieces  filled with ranges of text.bytes(), none of them empty
void pre_tokenize(const PreTokenizer& pre_tokenizer, AlignedText& text,
                  std::vector<ByteRange>& pieces);

}  // namespace vitrine
