// The distribution of the next token with its cuts: what the next-token view shows. Pure.
#pragma once

#include <span>
#include <vector>

#include "generate/sampling.h"

namespace vitrine::viz {

/// Why a token can't be drawn. The first cut that rules it out counts.
enum class Cut { none, temperature, top_k, top_p, min_p, ngram };

struct Candidate {
    int id = 0;
    double model = 0.0;       // the model's own probability: temperature 1, nothing cut
    double tempered = 0.0;    // after penalties and temperature, before the cuts
    double final = 0.0;       // that it is drawn with; 0 if it is cut
    double cumulative = 0.0;  // tempered, of this and all likelier ones
    double drawn = 0.0;       // final, of this and all likelier ones
    Cut cut = Cut::none;
};

struct Distribution {
    std::vector<Candidate> likeliest;  // descending
    Index kept = 0;                    // tokens that can be drawn
    double entropy = 0.0;              // of `final`, in bits
    double perplexity = 1.0;           // 2^entropy: as many equally likely tokens
    Index actual_rank = -1;  // of the token that follows in the text, 1 = likeliest; -1: none
    double actual_probability = 0.0;  // the model's own
};

/// @param logits  [V] of one position
/// @param seen    ids up to this position, for the repetition penalty and n-grams
/// @param count   how many of the likeliest to list
/// @param actual  the id that follows in the text; -1: none
Distribution next_distribution(std::span<const Real> logits, std::span<const int> seen,
                               const Sampling& sampling, Index count, int actual);

bool same_sampling(const Sampling& a, const Sampling& b);

}  // namespace vitrine::viz
