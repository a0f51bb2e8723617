// Unicode's normalization forms and small letters, with the way back to the text they came from.
#pragma once

#include <vector>

#include "text/aligned_text.h"

namespace vitrine {

/// What a character became: up to four code points.
struct CodePoints {
    char32_t values[4] = {};
    int count = 0;
    const char32_t* begin() const { return values; }
    const char32_t* end() const { return values + count; }
};

/// The canonical decomposition of a character: é is e and an accent, 한 is ㅎ, ㅏ and ㄴ.
CodePoints decompose(char32_t value);

/// The small letter of a letter; İ becomes two code points.
CodePoints to_lower(char32_t value);

/// The capital letter of a letter; ß becomes two code points.
CodePoints to_upper(char32_t value);

/// NFD and NFC take characters apart and put them together; NFKD and NFKC also write ﬁ as fi and ½
/// as 1⁄2. Source: Unicode Standard Annex 15; alignment as in the crate
/// unicode-normalization-alignments that tokenizers uses.
enum class UnicodeForm { nfd, nfc, nfkd, nfkc };
void to_unicode_form(UnicodeForm form, AlignedText& text);

}  // namespace vitrine
