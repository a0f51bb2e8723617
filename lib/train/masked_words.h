// Masked language modelling: some words of a text are hidden, and the model says what they were.
// Source: Devlin et al. 2018, section 3.1; create_pretraining_data.py of google-research/bert.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tensor/tensor.h"

namespace vitrine::train {

struct Masking {
    int mask_id = 0;           // [MASK]
    Index vocabulary = 0;      // random words are drawn from all of it
    std::vector<int> special;  // never chosen: [CLS], [SEP], [PAD] ...
    double chosen = 0.15;      // share of the words that are not special, but at least one word
    double masked = 0.8;       // share of the chosen that become [MASK]
    double random = 0.1;       // share of the chosen that become any word; the others stay
};

struct MaskedWords {
    std::vector<int> ids;      // [T], what the model reads
    std::vector<int> targets;  // [T], the word that stood where one was chosen, else -1
};

/// Hides words of a text, as the seed says.
/// @param ids  [T]
/// @throws ArgumentError  for shares outside of [0, 1] or a [MASK] outside of the vocabulary
MaskedWords mask_words(std::span<const int> ids, const Masking& masking, std::uint64_t seed);

}  // namespace vitrine::train
