#pragma once

#include "nn/parts.h"

namespace vitrine::fast {

/// Project to queries, keys and values, attend in every head, join the heads, project back. Causal:
/// a position sees itself and what comes before it in its own segment.
///
/// @param parts    its attention is called
/// @param x        [N, C], the rows of all segments
/// @param segments where each sequence starts; with `past`, keys and values are kept there
/// @param weights  the four linear maps, the number of heads and the scale
/// @param record   takes "attn.q", "attn.k", "attn.v" and what attention hands over
/// @return         [N, C]
/// @throws ShapeError  if x has another width than the maps
/// Source: Vaswani et al. 2017, section 3.2.2.
Tensor2 multi_head_attention(const Parts& parts, Ref2 x, Segments segments,
                             const AttentionWeights& weights, Record* record = nullptr);

}  // namespace vitrine::fast
