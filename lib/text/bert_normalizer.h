// The normalizer "BertNormalizer": cleans a text, puts spaces around Chinese characters, takes
// accents off and makes letters small.
// Source: tokenizers, normalizers/bert.rs; Devlin et al. 2018, tokenization.py.
#pragma once

#include "text/aligned_text.h"

namespace vitrine {

struct BertNormalizer {
    bool clean_text = true;            // no control characters, every white space is " "
    bool handle_chinese_chars = true;  // a token each
    bool strip_accents = true;         // letters come apart (NFD), marks go: Hangul comes apart too
    bool lowercase = true;

    void run(AlignedText& text) const;

   private:
    bool leaves(std::string_view text) const;
};

}  // namespace vitrine
