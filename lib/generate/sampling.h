// From logits to the next token: processors that change logits, and the draw.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tensor/tensor.h"

namespace vitrine {

struct Sampling {
    float temperature = 1.0F;         // 0: greedy
    int top_k = 0;                    // keep the k likeliest; 0: all
    float top_p = 1.0F;               // keep the likeliest that together reach p
    float min_p = 0.0F;               // keep those of at least min_p times the likeliest
    float repetition_penalty = 1.0F;  // > 1: tokens seen before become less likely
    int no_repeat_ngram = 0;          // n: no n-gram comes twice; 0: off
    std::uint64_t seed = 0;
};

/// @throws ArgumentError naming the option, its range and the value
void check_sampling(const Sampling& options);

/// Minus infinity rules a token out; one must be left. (Sorting is undefined where NaN is around.)
/// @throws Error          for NaN or plus infinity
/// @throws ArgumentError  if every token is ruled out
void check_logits(std::span<const Real> logits);

// Each works in place on logits [V]; a token that is ruled out gets minus infinity.
// Source: transformers, generation/logits_process.py.
void apply_temperature(std::span<Real> logits, float temperature);
void apply_top_k(std::span<Real> logits, int k);
void apply_top_p(std::span<Real> logits, float p);
void apply_min_p(std::span<Real> logits, float p);
void apply_repetition_penalty(std::span<Real> logits, std::span<const int> seen, float penalty);
void apply_no_repeat_ngram(std::span<Real> logits, std::span<const int> seen, int n);

/// The probabilities [V] that the next token is drawn from: all processors in the order of
/// transformers (repetition penalty, n-grams, temperature, top-k, top-p, min-p), then the softmax.
/// With temperature 0 the likeliest token gets 1.
/// @throws Error  as check_logits does
std::vector<Real> next_token_probabilities(std::span<const Real> logits, std::span<const int> seen,
                                           const Sampling& options);

}  // namespace vitrine
