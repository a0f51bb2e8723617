#include "text/byte_level_split.h"

#include <array>

#include "text/grapheme.h"
#include "text/utf8.h"

namespace vitrine {

namespace {

enum class Kind : unsigned char { letter, number, space, other };

Kind kind_of(char32_t value) {
    if (is_letter(value)) return Kind::letter;
    if (is_number(value)) return Kind::number;
    return is_space(value) ? Kind::space : Kind::other;
}

const std::array<Kind, 128>& ascii_kinds() {
    static const std::array<Kind, 128> table = [] {
        std::array<Kind, 128> kinds{};
        for (char32_t c = 0; c < 128; ++c) kinds[c] = kind_of(c);
        return kinds;
    }();
    return table;
}

struct Character {
    Kind kind;
    std::size_t bytes;
};

Character character_at(std::string_view text, std::size_t at, const std::array<Kind, 128>& ascii) {
    const auto first = static_cast<unsigned char>(text[at]);
    if (first < 128) return {ascii[first], 1};
    const CodePoint point = read_code_point(text, at);
    return {kind_of(point.value), static_cast<std::size_t>(point.bytes)};
}

/// The length of 's 't 're 've 'm 'll 'd at the start; 0 for none.
std::size_t contraction(std::string_view text) {
    if (text.size() < 2 || text[0] != '\'') return 0;
    const char c = text[1];
    if (c == 's' || c == 't' || c == 'm' || c == 'd') return 2;
    if (text.size() < 3) return 0;
    const std::string_view two = text.substr(1, 2);
    return two == "re" || two == "ve" || two == "ll" ? 3 : 0;
}

}  // namespace

std::size_t byte_level_piece_end(std::string_view text, std::size_t at) {
    const auto& ascii = ascii_kinds();
    if (const std::size_t length = contraction(text.substr(at)); length > 0) return at + length;

    const Character first = character_at(text, at, ascii);
    std::size_t start = at;
    Kind kind = first.kind;
    if (text[at] == ' ' && at + 1 < text.size()) {  // one space joins what follows it
        const Character second = character_at(text, at + 1, ascii);
        if (second.kind != Kind::space) {
            kind = second.kind;
            start = at + 1;
        }
    }
    std::size_t end = start;
    std::size_t last = start;  // start of the last character of the run
    while (end < text.size()) {
        const Character next = character_at(text, end, ascii);
        if (next.kind != kind) break;
        last = end;
        end += next.bytes;
    }
    // White space before a word leaves its last character to the word, unless it is all there is.
    if (kind == Kind::space && end < text.size() && last > at) return last;
    return end;
}

}  // namespace vitrine
