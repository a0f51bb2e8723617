// UTF-8: checking, reading and writing code points, and repairing what is broken.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "tensor/tensor.h"

namespace vitrine {

/// A code point and the number of bytes it took.
struct CodePoint {
    char32_t value = 0;
    int bytes = 0;  // 1 to 4; 0: no valid sequence starts here
};

/// Reads the code point at byte `at`, strictly: no overlong forms, no surrogates.
CodePoint read_code_point(std::string_view text, std::size_t at);

/// Byte offset of the first byte that is not UTF-8; npos if all is well.
std::size_t first_invalid_byte(std::string_view text);

/// @throws TextError with the byte offset, unless `text` is UTF-8
void check_utf8(std::string_view text, const std::string& name = "text");

void append_code_point(std::string& text, char32_t value);

/// Number of code points of a valid text.
Index count_characters(std::string_view text);

/// Each longest piece that could have been the start of a character becomes one U+FFFD.
/// Source: Unicode 15, section 3.9, "substitution of maximal subparts".
std::string repair_utf8(std::string_view bytes);

/// How many bytes at the end, 0 to 3, start a character that further bytes may still complete.
std::size_t unfinished_bytes(std::string_view bytes);

/// True for a byte 10xxxxxx, which only continues a character.
constexpr bool is_continuation(char byte) {
    return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U;
}

}  // namespace vitrine
