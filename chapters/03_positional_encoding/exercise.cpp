// Chapter 03: positional encoding. Write the four functions; `vitrine check 03_positional_encoding`
// tells you how far they go.
#include <algorithm>
#include <array>
#include <cmath>

#include "nn/parts.h"
#include "tensor/shape.h"
#include "tensor/tensor.h"

namespace vitrine::mine {

/// The table of the 2017 transformer: for position t and i = 0, 1, ...
///     table(t, 2 i)     = sin(t / 10000^(2 i / C))
///     table(t, 2 i + 1) = cos(t / 10000^(2 i / C))
///
/// @param T  how many positions
/// @param C  the width, even
/// @return   [T, C]
///
/// Handy: std::sin, std::cos, std::pow. Divide as double: among integers 2 * i / C is cut off.
Tensor2 sinusoidal(Index T, Index C) {
    Tensor2 table = zeros<2>({T, C});
    return table;
}

/// Turns each pair of numbers by an angle that grows with the position.
/// Pair i of the row at position p turns by angle = rotary.frequencies(i) * p:
///     (a, b) -> (a cos(angle) - b sin(angle), a sin(angle) + b cos(angle))
///
/// @param x       [H, T, D]; row t stands at position start + t
/// @param rotary  frequencies, one for each pair. If rotary.interleaved, pair i is (2 i, 2 i + 1);
///                else it is (i, i + pairs), pairs being rotary.frequencies.size()
/// @param start   the position of row 0
/// @return        [H, T, D]; numbers that are in no pair stay as they are
Tensor3 rotate(Ref3 /*x*/, const Rotary& /*rotary*/, Index /*start*/) {
    throw Todo("rotate");
}

/// What attention gets in a model with rotary positions: queries, keys and values, those of them
/// turned that have to be. Call your `rotate`.
///
/// @return  {queries, keys, values}, each [H, T, D]; x.copy() makes a Tensor3 of a Ref3
std::array<Tensor3, 3> rotate_heads(Ref3 /*q*/, Ref3 /*k*/, Ref3 /*v*/, const Rotary& /*rotary*/,
                                    Index /*start*/) {
    throw Todo("rotate_heads");
}

/// T5's bucket of a distance. With exact = buckets / 2, a distance below exact is its own bucket.
/// Beyond, it is
///     exact + log(distance / exact) / log(max_distance / exact) * (buckets - exact)
/// rounded down, and at most buckets - 1.
///
/// If bidirectional, halve `buckets` first: keys behind the query (relative > 0) use the second
/// half, and the distance is |relative|. If not, the distance is -relative, and 0 for keys behind
/// the query.
///
/// @param relative      position of the key minus position of the query
/// @param buckets       how many buckets there are
/// @param max_distance  from here on all distances share the last bucket
///
/// Handy: std::log, std::min, std::max<Index>. Divide as float: among integers 20 / 8 is 2.
int relative_bucket(Index /*relative*/, bool /*bidirectional*/, int /*buckets*/,
                    int /*max_distance*/) {
    throw Todo("relative_bucket");
}

}  // namespace vitrine::mine
