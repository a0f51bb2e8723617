#pragma once

#include "nn/parts.h"

namespace vitrine {

/// The mask of self-attention that the weights ask for: T queries, the last of S positions.
/// Empty if every query sees every position.
Tensor2 self_bias(Index T, Index S, const AttentionWeights& weights);

/// Self-attention of a packed batch, one segment after the other, by parts.multi_head_attention.
Tensor2 self_attention_by_segment(const Parts& parts, Ref2 x, Segments segments,
                                  const AttentionWeights& weights, Record* record);

namespace fast {

/// Project to queries, keys and values, attend in every head, join the heads, project back: for
/// one sequence.
///
/// @param parts    its attention is called, and rotate if the weights say so
/// @param x        [T, C], where the queries come from
/// @param source   [S, C'], where keys and values come from; x itself for self-attention
/// @param bias     the mask, [T, past + S] or [H, T, past + S]
/// @param weights  the four linear maps, the number of heads and the scale
/// @param past     keys and values of earlier positions: appended to and attended to; null: none
/// @param record   takes "q", "k", "v" and what attention hands over
/// @return         [T, C]
/// @throws ShapeError  if x or source have another width than the maps
/// Source: Vaswani et al. 2017, section 3.2.2.
Tensor2 multi_head_attention(const Parts& parts, Ref2 x, Ref2 source, const Bias& bias,
                             const AttentionWeights& weights, KeyValues* past = nullptr,
                             Record* record = nullptr);

/// What multi_head_attention makes of a source before it looks at the queries: its keys and values,
/// [K, S, D] each.
KeyValues project_source(Ref2 source, const AttentionWeights& weights);

/// The same with a source that is projected already: x [T, C] -> [T, C].
/// @param bias  [T, S]
Tensor2 attend_to(const Parts& parts, Ref2 x, const KeyValues& source, const Bias& bias,
                  const AttentionWeights& weights);

/// The same on itself for every segment of a packed batch, with one product for all projections.
///
/// @param x        [N, C], the rows of all segments
/// @param segments where each sequence starts; with `past`, keys and values are kept there
/// @return         [N, C]
Tensor2 self_attention(const Parts& parts, Ref2 x, Segments segments,
                       const AttentionWeights& weights, Record* record = nullptr);

}  // namespace fast
}  // namespace vitrine
