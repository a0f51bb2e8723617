#include "text/byte_level_pattern.h"

#include <array>

#include "text/character_class.h"
#include "text/utf8.h"

namespace vitrine {

namespace {

constexpr CharacterClass ascii_class(char c) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return CharacterClass::letter;
    if (c >= '0' && c <= '9') return CharacterClass::number;
    return c == ' ' || (c >= '\t' && c <= '\r') ? CharacterClass::space : CharacterClass::other;
}

constexpr std::array<CharacterClass, 128> ascii_classes = [] {
    std::array<CharacterClass, 128> table{};
    for (std::size_t c = 0; c < table.size(); ++c) table[c] = ascii_class(static_cast<char>(c));
    return table;
}();

struct Character {
    CharacterClass kind;
    std::size_t bytes;
};

Character character_at(std::string_view text, std::size_t at) {
    const auto first = static_cast<unsigned char>(text[at]);
    if (first < 128) return {ascii_classes[first], 1};
    const CodePoint point = read_code_point(text, at);
    return {character_class(point.value), static_cast<std::size_t>(point.bytes)};
}

/// The length of 's 't 're 've 'm 'll 'd at byte `at`; 0 for none.
std::size_t contraction(std::string_view text, std::size_t at) {
    if (text[at] != '\'' || at + 1 >= text.size()) return 0;
    const char c = text[at + 1];
    if (c == 's' || c == 't' || c == 'm' || c == 'd') return 2;
    const std::string_view two = text.substr(at + 1, 2);
    return two == "re" || two == "ve" || two == "ll" ? 3 : 0;
}

/// The end of the characters of one class from `at` on.
std::size_t run_end(std::string_view text, std::size_t at, CharacterClass kind) {
    while (at < text.size()) {
        const Character next = character_at(text, at);
        if (next.kind != kind) break;
        at += next.bytes;
    }
    return at;
}

/// \s+(?!\S)|\s+: before a word, white space leaves its last character, unless it is all there is.
std::size_t white_space_end(std::string_view text, std::size_t at) {
    const std::size_t end = run_end(text, at, CharacterClass::space);
    if (end == text.size()) return end;
    std::size_t last = end - 1;
    while (is_continuation(text[last])) --last;
    return last > at ? last : end;
}

}  // namespace

std::size_t byte_level_match_end(std::string_view text, std::size_t at) {
    if (const std::size_t length = contraction(text, at); length > 0) return at + length;
    const Character first = character_at(text, at);
    if (first.kind != CharacterClass::space) return run_end(text, at + first.bytes, first.kind);
    if (text[at] == ' ' && at + 1 < text.size()) {  // one space joins what follows it
        const Character second = character_at(text, at + 1);
        if (second.kind != CharacterClass::space) {
            return run_end(text, at + 1 + second.bytes, second.kind);
        }
    }
    return white_space_end(text, at);
}

}  // namespace vitrine
