// A whole GPT made of parts: one sequence, from token ids to logits. Chapter 09 has the clear one.
#pragma once

#include "nn/parts.h"

namespace vitrine::fast {

/// Logits of every position.
/// @param ids      [T], each in [0, V); at most as many as there are positions
/// @param weights  of a model with learned positions and causal blocks
/// @param record   takes "embed", "pos_embed", what the blocks hand over under "blocks.L.",
///                 "ln_final" and "logits"
/// @return         [T, V]
/// @throws ArgumentError  for an id that is not in the table, or too many
/// Source: Radford et al. 2019, section 2.3.
Tensor2 forward(const Parts& parts, std::span<const int> ids, const DecoderWeights& weights,
                Record* record = nullptr);

/// Logits after one more token, which stands at position state.length. The state grows by it.
/// @param state  keys and values of every layer for the positions before
/// @return       [V]
Tensor1 step_with_cache(const Parts& parts, int id, const DecoderWeights& weights, State& state);

}  // namespace vitrine::fast
