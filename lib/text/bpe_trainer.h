// Learns the merge rules of byte pair encoding: the pair of neighbours that is seen most often
// becomes a token, again and again.
// Source: Sennrich, Haddow and Birch 2016, algorithm 1; order of tokens, ties and options as in
// tokenizers, models/bpe/trainer.rs, so that the same words give the same rules.
#pragma once

#include <string>
#include <vector>

#include "text/merge_table.h"
#include "text/word_counts.h"

namespace vitrine {

struct BpeTrainerOptions {
    Index vocabulary = 30000;        // tokens in all; fewer if the words have no more pairs
    std::int64_t min_count = 1;      // of a pair that is still joined
    std::vector<std::string> first;  // tokens that come first whether they are seen or not
    /// Words are bytes, spelled in GPT-2's alphabet of bytes, all 256 of which are tokens.
    bool byte_level = true;
    Index alphabet_limit = 0;  // characters that become tokens, the most frequent; 0: all
    std::string prefix;        // of tokens that do not start a word: "##"
    std::string suffix;        // of tokens that end a word: "</w>"
};

struct TrainedBpe {
    std::vector<std::string> tokens;  // by id: `first`, the alphabet by code point, the joined
    std::vector<Merge> merges;        // in the order they were learnt
};

/// Pairs seen equally often are joined in the order of their ids.
/// A word costs as much time as it has occurrences of the joined pairs, so a single endless word is
/// no worse than many short ones.
/// @throws ArgumentError  if the vocabulary has no room for `first` and the alphabet
TrainedBpe train_bpe(const std::vector<WordCount>& words, const BpeTrainerOptions& options,
                     const TrainerProgress& progress = {});

}  // namespace vitrine
