#include "text/utf8.h"

#include <doctest/doctest.h>

#include "tensor/error.h"
#include "tensor/random.h"
#include "text/grapheme.h"
#include "text/hangul.h"
#include "text/utf8_stream.h"

using namespace vitrine;

TEST_CASE("utf8: every code point survives writing and reading, surrogates are refused") {
    for (char32_t value = 0; value < 0x110000; value += value < 0x3000 ? 1 : 17) {
        if (value >= 0xd800 && value < 0xe000) continue;
        std::string text;
        append_code_point(text, value);
        const CodePoint point = read_code_point(text, 0);
        CHECK(point.value == value);
        CHECK(point.bytes == int(text.size()));
    }
    CHECK(first_invalid_byte("ab\xed\xa0\x80") == 2);    // U+D800
    CHECK(first_invalid_byte("\xc0\x80") == 0);          // overlong
    CHECK(first_invalid_byte("\xf4\x90\x80\x80") == 0);  // above U+10FFFF
    CHECK(first_invalid_byte("12345678\x80") == 8);
    CHECK(first_invalid_byte("한글") == std::string_view::npos);
}

// The examples of Unicode 15, table 3-8 and 3-11.
TEST_CASE("utf8: maximal subparts become one U+FFFD each") {
    const std::string r = "\xef\xbf\xbd";
    CHECK(repair_utf8("a\xf1\x80\x80\xe1\x80\xc2"
                      "b") == "a" + r + r + r + "b");
    CHECK(repair_utf8("\xc0\xaf\xe0\x80\xbf\xf0\x81\x82") == r + r + r + r + r + r + r + r);
    CHECK(repair_utf8("\xe1\x80\xe2\xf0\x91\x92\xf1\xbf") == r + r + r + r);
}

TEST_CASE("utf8 stream: a syllable that arrives in bytes is released whole") {
    Utf8Stream stream;
    CHECK(stream.push("a\xed") == "a");
    CHECK(stream.push("\x95") == "");
    CHECK(stream.push("\x9c"
                      "b") == "한b");
    CHECK(stream.push("\xf0\x9f\x99") == "");
    CHECK(stream.push("x") == "\xef\xbf\xbdx");
    CHECK(stream.push("\xea\xb0") == "");
    CHECK(stream.finish() == "\xef\xbf\xbd");
    CHECK(stream.finish() == "");
}

TEST_CASE("utf8: at the end, only the start of a possible character is unfinished") {
    CHECK(unfinished_bytes("") == 0);
    CHECK(unfinished_bytes("a") == 0);
    CHECK(unfinished_bytes("한") == 0);
    CHECK(unfinished_bytes("a\xed") == 1);
    CHECK(unfinished_bytes("a\xed\x95") == 2);
    CHECK(unfinished_bytes("\xf0\x9f\x99") == 3);
    CHECK(unfinished_bytes("\xed\xa0") == 0);  // would be a surrogate
    CHECK(unfinished_bytes("\xe0\x80") == 0);  // would be overlong
    CHECK(unfinished_bytes("\xff") == 0);
    CHECK(unfinished_bytes("\x95\x95\x95\x95") == 0);
}

TEST_CASE("utf8 stream: any bytes, in any parts, come out as if they had come at once") {
    Random random(12);
    const std::string lively = "\xed\x95\x9c\xf0\x9f\x99\x82\xc3\xa9za\xff\xe0\x80";
    for (int round = 0; round < 2000; ++round) {
        std::string bytes, out;
        for (std::uint64_t i = random.below(30); i > 0; --i) {
            bytes += lively[random.below(lively.size())];
        }
        Utf8Stream stream;
        for (std::size_t at = 0; at < bytes.size();) {
            const std::size_t size = 1 + random.below(4);
            out += stream.push(std::string_view(bytes).substr(at, size));
            at += size;
        }
        CHECK(out + stream.finish() == repair_utf8(bytes));
    }
}

TEST_CASE("utf8 stream: however a text is cut, it comes out the same") {
    const std::string text = "한글 aé🙂 zé";
    for (std::size_t cut = 1; cut <= 5; ++cut) {
        Utf8Stream stream;
        std::string out;
        for (std::size_t at = 0; at < text.size(); at += cut) {
            const std::string part = stream.push(std::string_view(text).substr(at, cut));
            CHECK(first_invalid_byte(part) == std::string_view::npos);
            out += part;
        }
        CHECK(out + stream.finish() == text);
    }
}

TEST_CASE("graphemes: a family emoji, a flag and a combining accent are one each") {
    const std::string text = "a👨‍👩‍👧e\xcc\x81🇰🇷한";
    std::vector<std::string> found;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = next_grapheme(text, at);
        CHECK(previous_grapheme(text, end) == at);
        found.push_back(text.substr(at, end - at));
        at = end;
    }
    CHECK(found == std::vector<std::string>{"a", "👨‍👩‍👧", "e\xcc\x81", "🇰🇷", "한"});
}

TEST_CASE("hangul: a syllable opens into its letters") {
    CHECK(hangul_letters(U'한') == std::vector<char32_t>{U'ㅎ', U'ㅏ', U'ㄴ'});
    CHECK(hangul_letters(U'뷁') == std::vector<char32_t>{U'ㅂ', U'ㅞ', U'ㄺ'});
    CHECK(hangul_letters(U'가') == std::vector<char32_t>{U'ㄱ', U'ㅏ'});
    CHECK(hangul_letters(U'힣') == std::vector<char32_t>{U'ㅎ', U'ㅣ', U'ㅎ'});
    CHECK(hangul_letters(U'a').empty());
}
