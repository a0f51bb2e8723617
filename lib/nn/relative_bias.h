// What models add to attention scores to say how far apart two positions are.
#pragma once

#include "tensor/tensor.h"

namespace vitrine {

/// T5's bucket of a distance: one for each small distance, then wider and wider ones.
///
/// @param relative       position of the key minus position of the query
/// @param bidirectional  half of the buckets are for keys that come later; else these share bucket
/// 0
/// @param buckets        how many there are
/// @param max_distance   from here on all distances share the last bucket
/// @return               from 0 to buckets - 1
/// Source: Raffel et al. 2020, section 2.1; transformers, T5Attention._relative_position_bucket.
int relative_bucket(Index relative, bool bidirectional, int buckets, int max_distance);

/// T5's bias [H, T, S]: of each head and distance, the value of its bucket.
/// @param table  [buckets, H]
/// @return       the T queries are the last of S positions
Tensor3 bucket_bias(Ref2 table, bool bidirectional, int max_distance, Index T, Index S);

/// ALiBi's slope of each head: 2^(-8 (h + 1) / H) for H a power of two.
/// Source: Press, Smith and Lewis 2022, section 3.
Tensor1 alibi_slopes(Index H);

/// [H, T, S]: minus the distance times the head's slope; the T queries are the last of S positions.
Tensor3 alibi_bias(Index H, Index T, Index S);

}  // namespace vitrine
