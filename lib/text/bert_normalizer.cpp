#include "text/bert_normalizer.h"

#include <algorithm>
#include <string>

#include "text/character_class.h"
#include "text/hangul.h"
#include "text/unicode_forms.h"
#include "text/utf8.h"

namespace vitrine {

namespace {

constexpr char32_t replacement_character = 0xfffd;

/// The blocks of CJK ideographs, not Hangul or Kana.
bool is_chinese(char32_t value) {
    const auto is_between = [&](char32_t low, char32_t high) {
        return value >= low && value <= high;
    };
    return is_between(0x4e00, 0x9fff) || is_between(0x3400, 0x4dbf) ||
           is_between(0x20000, 0x2a6df) || is_between(0x2a700, 0x2b73f) ||
           is_between(0x2b740, 0x2b81f) || is_between(0x2b920, 0x2ceaf) ||
           is_between(0xf900, 0xfaff) || is_between(0x2f800, 0x2fa1f);
}

bool is_line_or_tab(char32_t value) {
    return value == '\t' || value == '\n' || value == '\r';
}

bool is_removed(char32_t value) {
    return value == 0 || value == replacement_character ||
           (!is_line_or_tab(value) && is_control(value));
}

}  // namespace

/// True if the text is ASCII in which nothing changes.
bool BertNormalizer::leaves(std::string_view text) const {
    return std::all_of(text.begin(), text.end(), [&](char c) {
        const bool is_plain = c >= ' ' && c < '\x7f';
        return is_plain && !(lowercase && c >= 'A' && c <= 'Z');
    });
}

void BertNormalizer::run(AlignedText& text) const {
    const std::string_view old = text.bytes();
    if (leaves(old)) return;
    AlignedText::Rewrite rewrite(text);
    std::string made;  // of one character
    for (std::size_t at = 0; at < old.size();) {
        const CodePoint point = read_code_point(old, at);
        const ByteRange from{at, at + static_cast<std::size_t>(std::max(1, point.bytes))};
        at = from.end;
        char32_t value = point.value;
        made.clear();
        if (is_hangul_syllable(value)) {  // most of a Korean text, and only one step changes it
            for (const char32_t letter : strip_accents ? decompose(value) : CodePoints{{value}, 1})
                append_code_point(made, letter);
            rewrite.put(made, from);
            continue;
        }
        if (clean_text && is_removed(value)) continue;
        if (clean_text && (is_line_or_tab(value) || is_space(value))) value = ' ';
        const bool is_apart = handle_chinese_chars && is_chinese(value);
        if (is_apart) made += ' ';
        const CodePoints parts = strip_accents ? decompose(value) : CodePoints{{value}, 1};
        for (const char32_t part : parts) {
            if (strip_accents && is_nonspacing_mark(part)) continue;
            for (const char32_t letter : lowercase ? to_lower(part) : CodePoints{{part}, 1})
                append_code_point(made, letter);
        }
        if (is_apart) made += ' ';
        rewrite.put(made, from);
    }
    text.replace_by(std::move(rewrite));
}

}  // namespace vitrine
