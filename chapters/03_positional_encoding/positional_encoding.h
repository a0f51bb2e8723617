#pragma once

#include "nn/weights.h"

namespace vitrine::chapters {

/// The 2017 table: sines in the even columns, cosines in the odd ones.
/// @param T  how many positions
/// @param C  the width, even
/// @return   [T, C]
/// Source: Vaswani et al. 2017, section 3.5.
Tensor2 sinusoidal(Index T, Index C);

/// Turns each head's pairs by their position; as lib/nn/rotary.h.
Tensor3 rotate(Ref3 x, const Rotary& rotary, Index start);

/// T5's bucket of a distance; as lib/nn/relative_bias.h.
int relative_bucket(Index relative, bool bidirectional, int buckets, int max_distance);

/// ALiBi's slope of each head, H a power of two; as lib/nn/relative_bias.h.
Tensor1 alibi_slopes(Index H);

}  // namespace vitrine::chapters
