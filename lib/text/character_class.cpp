#include "text/character_class.h"

#include <utf8proc.h>

namespace vitrine {

namespace {

utf8proc_category_t category(char32_t value) {
    return utf8proc_category(static_cast<utf8proc_int32_t>(value));
}

bool is_between(char32_t value, char32_t low, char32_t high) {
    return value >= low && value <= high;
}

/// Alphabetic though they are symbols: circled and squared Latin letters (Other_Alphabetic).
bool is_alphabetic_symbol(char32_t value) {
    return is_between(value, 0x24b6, 0x24e9) || is_between(value, 0x1f130, 0x1f149) ||
           is_between(value, 0x1f150, 0x1f169) || is_between(value, 0x1f170, 0x1f189);
}

}  // namespace

bool is_letter(char32_t value) {
    const utf8proc_category_t found = category(value);
    return found >= UTF8PROC_CATEGORY_LU && found <= UTF8PROC_CATEGORY_LO;
}

bool is_number(char32_t value) {
    const utf8proc_category_t found = category(value);
    return found >= UTF8PROC_CATEGORY_ND && found <= UTF8PROC_CATEGORY_NO;
}

bool is_space(char32_t value) {
    return is_between(value, 0x09, 0x0d) || value == 0x20 || value == 0x85 || value == 0xa0 ||
           value == 0x1680 || is_between(value, 0x2000, 0x200a) || value == 0x2028 ||
           value == 0x2029 || value == 0x202f || value == 0x205f || value == 0x3000;
}

bool is_word(char32_t value) {
    switch (category(value)) {
        case UTF8PROC_CATEGORY_LU:
        case UTF8PROC_CATEGORY_LL:
        case UTF8PROC_CATEGORY_LT:
        case UTF8PROC_CATEGORY_LM:
        case UTF8PROC_CATEGORY_LO:
        case UTF8PROC_CATEGORY_MN:
        case UTF8PROC_CATEGORY_MC:
        case UTF8PROC_CATEGORY_ME:
        case UTF8PROC_CATEGORY_ND:
        case UTF8PROC_CATEGORY_NL:
        case UTF8PROC_CATEGORY_PC: return true;
        default: break;
    }
    const bool is_joiner = value == 0x200c || value == 0x200d;
    return is_joiner || is_alphabetic_symbol(value);
}

bool is_punctuation(char32_t value) {
    if (value < 0x80) {
        return is_between(value, '!', '/') || is_between(value, ':', '@') ||
               is_between(value, '[', '`') || is_between(value, '{', '~');
    }
    const utf8proc_category_t found = category(value);
    return found >= UTF8PROC_CATEGORY_PC && found <= UTF8PROC_CATEGORY_PO;
}

bool is_control(char32_t value) {
    const utf8proc_category_t found = category(value);
    return found == UTF8PROC_CATEGORY_CC || found == UTF8PROC_CATEGORY_CF ||
           found == UTF8PROC_CATEGORY_CO;
}

bool is_nonspacing_mark(char32_t value) {
    return category(value) == UTF8PROC_CATEGORY_MN;
}

bool is_mark(char32_t value) {
    const utf8proc_category_t found = category(value);
    return found >= UTF8PROC_CATEGORY_MN && found <= UTF8PROC_CATEGORY_ME;
}

CharacterClass character_class(char32_t value) {
    const utf8proc_category_t found = category(value);
    if (found >= UTF8PROC_CATEGORY_LU && found <= UTF8PROC_CATEGORY_LO) {
        return CharacterClass::letter;
    }
    if (found >= UTF8PROC_CATEGORY_ND && found <= UTF8PROC_CATEGORY_NO) {
        return CharacterClass::number;
    }
    return is_space(value) ? CharacterClass::space : CharacterClass::other;
}

}  // namespace vitrine
