// GPT-2's alphabet of bytes: each of the 256 bytes is written as one printable character.
// Source: Radford et al. 2019, encoder.py, bytes_to_unicode.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vitrine {

/// The character that stands for a byte: 'a' for 0x61, 'Ġ' for a space.
char32_t byte_character(unsigned char byte);

/// "Ġhello" -> " hello"; nothing if a character is not of the alphabet.
std::optional<std::string> bytes_of_token(std::string_view token);

}  // namespace vitrine
