#include "text/character_class.h"

#include <doctest/doctest.h>

#include <initializer_list>

using namespace vitrine;

TEST_CASE("character class: White_Space has exactly 25 code points") {
    // Unicode 15, PropList.txt.
    int spaces = 0;
    for (char32_t value = 0; value < 0x110000; ++value) spaces += is_space(value) ? 1 : 0;
    CHECK(spaces == 25);
    for (const char32_t value :
         {U'\t', U'\r', U' ', U'\u0085', U'\u00a0', U'\u1680', U'\u2000', U'\u200a', U'\u2028',
          U'\u2029', U'\u202f', U'\u205f', U'\u3000'}) {
        CHECK(is_space(value));
    }
    for (const char32_t value : {U'\u200b', U'\u180e', U'\ufeff', U'\u2060'}) {
        CHECK_FALSE(is_space(value));
    }
}

TEST_CASE("character class: letters, numbers, others") {
    for (const char32_t value : {U'a', U'é', U'가', U'ㄱ', U'漢', U'ʰ', U'ǅ', U'ª', U'𝒜'}) {
        CHECK(character_class(value) == CharacterClass::letter);
        CHECK(is_letter(value));
        CHECK(is_word(value));
    }
    for (const char32_t value : {U'7', U'٣', U'Ⅳ', U'½', U'²', U'〇', U'①'}) {
        CHECK(character_class(value) == CharacterClass::number);
        CHECK(is_number(value));
    }
    for (const char32_t value : {U'!', U'_', U'\u0301', U'🙂', U'€', U'\u200b', U'\ue000'}) {
        CHECK(character_class(value) == CharacterClass::other);
    }
}

TEST_CASE("character class: words are letters, marks, digits, connectors, joiners") {
    // Unicode Technical Standard 18, annex C, \w.
    for (const char32_t value : {U'_', U'\u0301', U'٣', U'Ⅳ', U'\u200d', U'‿', U'Ⓐ', U'🄰'}) {
        CHECK(is_word(value));
    }
    for (const char32_t value : {U' ', U'-', U'½', U'²', U'①', U'🙂', U'\''}) {
        CHECK_FALSE(is_word(value));
    }
}
