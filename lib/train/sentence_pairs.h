// Next-sentence prediction: two texts in one row, and the question whether the second follows the
// first in its document.
// Source: Devlin et al. 2018, section 3.1; create_pretraining_data.py of google-research/bert.
#pragma once

#include "train/masked_words.h"
#include "train/trainer.h"

namespace vitrine::train {

/// Token ids of the stretches of text that a pair is made of, in order.
using Sentences = std::vector<std::vector<int>>;

struct Pairing {
    int begin_id = 0;      // [CLS], in front of both
    int separator_id = 0;  // [SEP], behind each
    Index length = 0;      // of a row, at most; the longer text loses a word at either end until
                           // both fit
};

struct SentencePair {
    std::vector<int> ids;    // [CLS] first [SEP] second [SEP]
    std::vector<int> types;  // 0 up to the first [SEP], 1 behind it
    int follows = 0;         // 0: the second text follows the first, 1: it is of another document
};

/// A sentence with the one behind it, or, in half of the cases, with one of another document.
/// @param documents  at least two, none empty
/// @param document, sentence  the first text; its document goes on behind it
/// @throws ArgumentError  if there is no second text to take, or a length below 5
SentencePair sentence_pair(std::span<const Sentences> documents, std::size_t document,
                           std::size_t sentence, const Pairing& pairing, std::uint64_t seed);

/// Rows of a batch for a BERT-style encoder: words of each pair are hidden, then all are padded to
/// the longest.
Batch masked_batch(std::span<const SentencePair> pairs, const Masking& masking, int padding_id,
                   std::uint64_t seed);

}  // namespace vitrine::train
