// The pieces that Unigram training starts from: all parts of words that come again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "text/word_counts.h"

namespace vitrine {

/// A part of words with how often it is seen, or later its log probability.
struct ScoredPiece {
    std::string text;
    double score = 0;
};

/// Every character, then the `most` parts of 2 to `longest` characters that are seen at least twice
/// and cover the most text, by count times length. Parts that always come with the same character
/// after them are left to the longer part, as in a suffix tree. No part holds letters of two
/// scripts, or letters and punctuation. Source: Kudo 2018, section 3.2; sentencepiece,
/// unigram_model_trainer.cc.
std::vector<ScoredPiece> seed_pieces(const std::vector<WordCount>& words, Index most,
                                     std::size_t longest);

}  // namespace vitrine
