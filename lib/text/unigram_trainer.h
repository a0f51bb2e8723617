// Learns the pieces of a unigram language model: from far too many, those whose loss would cost
// least likelihood are taken away, again and again.
// Source: Kudo 2018, section 3.2; sentencepiece, unigram_model_trainer.cc.
#pragma once

#include <vector>

#include "text/unigram_seed.h"
#include "text/word_counts.h"

namespace vitrine {

struct UnigramTrainerOptions {
    Index pieces = 8000;       // that are to be left; fewer if the words have no more
    double coverage = 0.9995;  // share of the text whose characters are pieces, the most frequent
    Index seeds = 1'000'000;   // pieces to start from
    std::size_t longest = 16;  // characters of a piece
    double kept = 0.75;        // share of the pieces that a round of pruning leaves
    int iterations = 2;        // of expectation and maximisation between two prunings
};

/// The pieces with the natural logarithms of their probabilities, the most probable first. The same
/// for any number of cores.
/// @throws ArgumentError  if there is no room for the characters
std::vector<ScoredPiece> train_unigram(const std::vector<WordCount>& words,
                                       const UnigramTrainerOptions& options,
                                       const TrainerProgress& progress = {});

}  // namespace vitrine
