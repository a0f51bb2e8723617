// The classes of characters that tokenizers' patterns name: \p{L}, \p{N}, \s, \w.
// By utf8proc's tables (Unicode 15.0 in Debian 12, 15.1 in Ubuntu 24.04).
#pragma once

namespace vitrine {

/// \p{L}: letters. The argument is a code point, as in the functions below.
bool is_letter(char32_t value);
/// \p{N}: decimal digits, and numbers like Ⅳ, ½ and ².
bool is_number(char32_t value);
/// \s: the property White_Space.
bool is_space(char32_t value);
/// \w as Unicode Technical Standard 18 has it: alphabetic, marks, digits, connectors, joiners.
bool is_word(char32_t value);

/// \p{P}, and the other printable characters of ASCII that are no letters, digits or spaces: $ + <.
bool is_punctuation(char32_t value);
/// \p{Cc}, \p{Cf} and \p{Co}: control characters, formatting, private use.
bool is_control(char32_t value);
/// \p{Mn}: accents and other marks that take no room of their own.
bool is_nonspacing_mark(char32_t value);
/// \p{M}: all marks.
bool is_mark(char32_t value);

/// What GPT-2's pattern tells apart.
enum class CharacterClass : unsigned char { letter, number, space, other };
CharacterClass character_class(char32_t value);

}  // namespace vitrine
