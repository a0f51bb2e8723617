// A Hangul syllable and its letters. Source: Unicode 15, section 3.12.
#pragma once

#include <string>
#include <vector>

namespace vitrine {

/// True for one of the 11,172 precomposed syllables.
constexpr bool is_hangul_syllable(char32_t value) {
    return value >= 0xac00 && value <= 0xd7a3;
}

/// Initial, vowel and, if it has one, final of a syllable, as letters that stand alone: 한 -> ㅎ ㅏ
/// ㄴ. Empty for anything else.
std::vector<char32_t> hangul_letters(char32_t syllable);

}  // namespace vitrine
