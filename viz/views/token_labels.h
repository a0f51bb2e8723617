// The tokens of a run as the views name them. Pure: computed once for a run, kept in a view's
// memory.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "viz/app/language.h"
#include "viz/app/run.h"
#include "viz/app/theme.h"

namespace vitrine::viz {

/// All vectors have one entry a position.
struct TokenLabels {
    std::vector<std::string> raw;     // the bytes a token stands for
    std::vector<std::string> labels;  // the same, to be read: "·hello", "‹EC 95›"
    std::vector<bool> special;
    std::vector<std::array<std::size_t, 2>> bytes;  // [begin, end) in the text; empty for specials
                                                    // that were not typed
};

/// @param tokenizer  may be null: the tokens are then shown as tokenizer.json spells them
TokenLabels label_tokens(const Tokenizer* tokenizer, const Encoding& encoding,
                         std::string_view text);

/// The labels as `font` can show them, for views with little room: the start token that was not
/// typed is called "‹start›" in the learner's language.
std::vector<std::string> short_labels(const TokenLabels& tokens, bool has_start, Language language);

/// A Hangul syllable of a text and the tokens that hold its bytes.
struct SyllableParts {
    std::string syllable;              // UTF-8, three bytes
    std::size_t byte = 0;              // where it starts in the text
    std::vector<std::string> letters;  // its letters as they are written alone: "ㅎ", "ㅏ", "ㄴ"
    std::vector<Index> tokens;         // positions that hold at least one of its bytes
};

/// The Hangul syllables that token `position` holds at least one byte of, in reading order.
std::vector<SyllableParts> syllables_of(const TokenLabels& labels, std::string_view text,
                                        Index position);

}  // namespace vitrine::viz
