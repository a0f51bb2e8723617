#include "text/hangul.h"

namespace vitrine {

std::vector<char32_t> hangul_letters(char32_t syllable) {
    if (!is_hangul_syllable(syllable)) return {};
    static const std::u32string initials = U"ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
    static const std::u32string finals = U"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";
    const char32_t index = syllable - 0xac00;
    std::vector<char32_t> letters{initials[index / 588], U'ㅏ' + index % 588 / 28};
    if (index % 28 != 0) letters.push_back(finals[index % 28 - 1]);
    return letters;
}

}  // namespace vitrine
