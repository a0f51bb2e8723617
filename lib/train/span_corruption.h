// Span corruption: spans of a text are left out, each with a mark in its place, and the decoder
// writes what stood there.
//     text    a b c d e f g h      of which c and f g are left out
//     source  a b <0> d e <1> h </s>
//     target  <0> c <1> f g <2> </s>
// Source: Raffel et al. 2019, section 3.1.4 and figure 2; random_spans_noise_mask and
// random_spans_helper of google-research/text-to-text-transfer-transformer (preprocessors.py).
#pragma once

#include <cstdint>
#include <span>

#include "train/trainer.h"

namespace vitrine::train {

struct SpanCorruption {
    int first_sentinel = 0;  // <extra_id_0>; <extra_id_1> is one below, and so on
    Index sentinels = 100;   // how many there are
    int end_id = 1;          // </s>, behind source and target
    int start_id = 0;        // what the decoder reads first
    double density = 0.15;   // share of the tokens that are left out
    double mean_span = 3.0;  // tokens of a span, on average
};

/// What a text of a length becomes: chance moves the spans, never their number.
struct SpanSizes {
    Index noise = 0;   // tokens that are left out
    Index spans = 0;   // in so many spans
    Index source = 0;  // length with the sentinels and the end
    Index target = 0;  // the same, and a last sentinel
};
/// @throws ArgumentError  for fewer than two tokens, a density outside (0, 1), spans shorter than
///                        one token on average, or more spans than sentinels
SpanSizes span_sizes(Index length, const SpanCorruption& corruption);

/// The longest text whose source has at most so many tokens.
/// @throws ArgumentError  if even two tokens are too many
Index text_length(Index source, const SpanCorruption& corruption);

struct CorruptedText {
    std::vector<int> source, target;
};
/// Leaves out spans of a text, as the seed says: a stretch that stays comes first, then a span that
/// does not, in turn, each of at least one token.
CorruptedText corrupt_spans(std::span<const int> ids, const SpanCorruption& corruption,
                            std::uint64_t seed);

/// Rows of T tokens as a batch for an encoder-decoder: the decoder reads what it should write, one
/// place later.
/// @param ids  [B, T]
Batch span_batch(std::span<const int> ids, Index T, const SpanCorruption& corruption,
                 std::uint64_t seed);

}  // namespace vitrine::train
