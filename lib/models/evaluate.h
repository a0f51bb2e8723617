// How well a model predicts: a text, token by token, and a span that it has seen once before.
#pragma once

#include "models/language_model.h"

namespace vitrine {

/// The sum of -log p of tokens, and how many there were.
struct TokenLoss {
    double sum = 0.0;  // nats
    Index count = 0;

    double mean() const { return count == 0 ? 0.0 : sum / static_cast<double>(count); }
};

/// Of ids[1], ids[2], ...: each from those before it, in windows of the model's positions one after
/// the other. The first id is given.
/// @param longest  tokens of a window; 0: as many as the model has positions, 1,024 at most
TokenLoss loss_of(const LanguageModel& model, std::span<const int> ids, Index longest = 0);

/// A head, and the weight it gives on average.
struct HeadWeight {
    Index layer = 0, head = 0;
    double weight = 0.0;
};

/// What a model makes of random tokens that come twice.
struct Copying {
    TokenLoss first, second;  // of the tokens of each copy but its first
    HeadWeight previous;      // the head that looks most at the token before
    HeadWeight induction;     // most at the token behind the earlier occurrence of this one
};

/// @param span   random tokens, once and again
/// @param rows   so many rows are averaged over
/// @param begin  in front of each row; negative: none
/// Source: Olsson et al. 2022, "In-context learning and induction heads".
Copying measure_copying(const LanguageModel& model, Index span, Index rows, int begin,
                        std::uint64_t seed = 1);

}  // namespace vitrine
