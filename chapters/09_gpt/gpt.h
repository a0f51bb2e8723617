#pragma once

#include "nn/parts.h"

namespace vitrine::chapters {

/// The whole of GPT-2: ids [T] -> logits [T, V]; as lib/nn/gpt.h.
Tensor2 forward(const Parts& parts, std::span<const int> ids, const DecoderWeights& weights,
                Record* record = nullptr);

/// One more token, with a cache: id -> logits [V]; as lib/nn/gpt.h.
Tensor1 step_with_cache(const Parts& parts, int id, const DecoderWeights& weights, State& state);

/// softmax(logits / temperature) [V]; at temperature 0 the likeliest token gets 1.
Tensor1 probabilities(Ref1 logits, float temperature);

/// The k largest logits; minus infinity for the others [V].
Tensor1 top_k(Ref1 logits, int k);

/// The likeliest tokens that together reach p; minus infinity for the others [V].
Tensor1 top_p(Ref1 logits, float p);

/// The best ways on of several beams.
/// @param scores             [B], sums of log probabilities so far
/// @param log_probabilities  [B, V], of the next token after each beam
/// @return                   [count, 3], best first: number of the beam, token, new score
Tensor2 beam_step(Ref1 scores, Ref2 log_probabilities, int count);

}  // namespace vitrine::chapters
