// Encodings cut to a length, in windows that overlap, and filled up to one length.
#pragma once

#include <span>
#include <vector>

#include "text/encoding.h"

namespace vitrine {

enum class Side { right, left };

/// How a text that is too long is cut, before special tokens are put around it.
/// Source: tokenizers, utils/truncation.rs and tokenizer/encoding.rs.
struct Truncation {
    Index max_length = 512;   // tokens, special ones counted
    Index stride = 0;         // tokens of a window that the one before has as well
    Side side = Side::right;  // what is cut off; the first window holds the other end
    /// Of a pair: tokens of the longer one go first, or only those of one of the two.
    enum class Pair { longest_first, only_first, only_second };
    Pair pair = Pair::longest_first;
};

/// How many tokens of each text of a pair stay. @param room  for both together
/// @throws ArgumentError  if the one that is to be cut is too short for it
struct PairLengths {
    Index first = 0, second = 0;
};
PairLengths truncated_lengths(Index first, Index second, Index room, Truncation::Pair pair);

/// The text in windows of at most `length` tokens, the first one first; all of it.
/// @throws ArgumentError  a stride that is not less than the length
std::vector<Encoding> windows(const Encoding& text, Index length, Index stride, Side side);

struct Padding {
    Side side = Side::right;  // where it is put
    Index length = 0;         // of every row; 0: of the longest
    Index multiple_of = 1;    // and rounded up to that
    int id = 0, type_id = 0;
};

/// Rows of one length. @throws ArgumentError  a row that is longer than asked for
struct PaddedTexts {
    Index B = 0, T = 0;
    std::vector<int> ids, type_ids, mask;  // [B, T]; mask 0 where there is padding
};
PaddedTexts pad(std::span<const Encoding> texts, const Padding& padding);

}  // namespace vitrine
