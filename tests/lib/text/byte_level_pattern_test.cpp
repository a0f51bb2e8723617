#include "text/byte_level_pattern.h"

#include <doctest/doctest.h>

#include <functional>

#include "tensor/random.h"
#include "text/character_class.h"
#include "text/utf8.h"

using namespace vitrine;

namespace {

std::vector<std::string> pieces(std::string_view text) {
    std::vector<std::string> found;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = byte_level_match_end(text, at);
        REQUIRE(end > at);
        found.emplace_back(text.substr(at, end - at));
        at = end;
    }
    return found;
}

using Strings = std::vector<std::string>;

/// The pattern read off from left to right, one alternative after the other: slow and plain.
std::u32string_view plain_match(std::u32string_view text) {
    using Test = std::function<bool(char32_t)>;
    for (const char32_t* end : {U"'s", U"'t", U"'re", U"'ve", U"'m", U"'ll", U"'d"}) {
        if (text.starts_with(end)) return text.substr(0, std::u32string_view(end).size());
    }
    const auto run = [&](std::size_t from, const Test& fits) {
        while (from < text.size() && fits(text[from])) ++from;
        return from;
    };
    const Test other = [](char32_t c) { return !is_space(c) && !is_letter(c) && !is_number(c); };
    for (const Test& fits : {Test(is_letter), Test(is_number), other}) {
        if (text[0] == U' ' && run(1, fits) > 1) return text.substr(0, run(1, fits));
        if (run(0, fits) > 0) return text.substr(0, run(0, fits));
    }
    const std::size_t spaces = run(0, is_space);
    const bool gives_one_back = spaces < text.size() && spaces > 1;  // \s+(?!\S)
    return text.substr(0, gives_one_back ? spaces - 1 : spaces);
}

}  // namespace

TEST_CASE("byte-level pattern: words take one space, and contractions stand alone") {
    CHECK(pieces("Hello world") == Strings{"Hello", " world"});
    CHECK(pieces("don't we'll I'M 'twas") ==
          Strings{"don", "'t", " we", "'ll", " I", "'", "M", " '", "twas"});
    CHECK(pieces("a1b2 33") == Strings{"a", "1", "b", "2", " 33"});
    CHECK(pieces("x?!'s") == Strings{"x", "?!'", "s"});
    CHECK(pieces("'") == Strings{"'"});
    CHECK(pieces("'r") == Strings{"'", "r"});
}

TEST_CASE("byte-level pattern: white space leaves its last character to what follows") {
    CHECK(pieces("a   b") == Strings{"a", "  ", " b"});
    CHECK(pieces("a \n b") == Strings{"a", " \n", " b"});
    CHECK(pieces("a\n\nb") == Strings{"a", "\n", "\n", "b"});
    CHECK(pieces("a  ") == Strings{"a", "  "});
    CHECK(pieces("\n") == Strings{"\n"});
    // An ideographic space is white space but no space: nothing joins it.
    CHECK(pieces("가\u3000\u3000나") == Strings{"가", "\u3000", "\u3000", "나"});
    CHECK(pieces("가\u00a0나") == Strings{"가", "\u00a0", "나"});
}

TEST_CASE("byte-level pattern: cuts any text as the pattern read off plainly does") {
    const std::u32string letters =
        U"  \n\u3000\u00a0\u2028aZé가ㄱ漢'strevmlld19½Ⅳ²!?-_\u0301🙂\u200b";
    Random random(4);
    for (int round = 0; round < 3000; ++round) {
        std::u32string text(1 + random.below(12), U' ');
        std::string bytes;
        for (char32_t& c : text) {
            c = letters[random.below(letters.size())];
            append_code_point(bytes, c);
        }
        Strings expected;
        for (std::u32string_view rest = text; !rest.empty();) {
            const std::u32string_view match = plain_match(rest);
            std::string piece;
            for (const char32_t c : match) append_code_point(piece, c);
            expected.push_back(piece);
            rest.remove_prefix(match.size());
        }
        INFO(bytes);
        CHECK(pieces(bytes) == expected);
    }
}
