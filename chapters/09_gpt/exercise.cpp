// Chapter 09: GPT. Write the six functions; `vitrine check 09_gpt` tells you how far they go.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "nn/parts.h"
#include "tensor/shape.h"
#include "tensor/tensor.h"

namespace vitrine::mine {

constexpr Real ruled_out = -std::numeric_limits<Real>::infinity();

/// The tokens, likeliest first; of two alike the smaller id.
inline std::vector<Index> by_logit(Ref1 logits) {
    std::vector<Index> order(static_cast<std::size_t>(logits.shape[0]));
    std::iota(order.begin(), order.end(), Index{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](Index a, Index b) { return logits(a) > logits(b); });
    return order;
}

/// The whole model: from token ids to the logits of the next token, at every position.
///
/// @param ids      [T]
/// @param weights  wte and wpe, the tables of tokens and positions; blocks; ln_f, the last norm;
///                 unembed, the table that the result is compared with
/// @return         [T, V]
///
/// Handy: parts.embed(ids, weights.wte), causal_bias(T, T), parts.encoder_block(parts, x, mask,
/// weights.blocks[l], nullptr, record), parts.layer_norm(x, weights.ln_f), parts.unembed(x,
/// weights.unembed). The positions are 0, 1, 2, ...: a std::vector<int> that std::iota fills.
Tensor2 forward(const Parts& parts, std::span<const int> ids, const DecoderWeights& weights,
                Record* record) {
    if (!ids.empty()) throw Todo("forward");  // take this line out when you begin
    (void)parts, (void)weights;

    // 1. The rows of the tokens, and the rows of their positions. Their sum is x.
    Tensor2 tokens, places, x;
    tap(record, "embed", tokens, "TC");
    tap(record, "pos_embed", places, "TC");

    // 2. The blocks, each on what the one before it made. They must not see the future.
    //    { const Scope in_block(record, "blocks." + std::to_string(l) + "."); ... } around each
    //    gives the app your numbers.

    // 3. The last norm, then the logits.
    Tensor2 normed, logits;
    tap(record, "ln_final", normed, "TC");
    tap(record, "logits", logits, "TV");
    return logits;
}

/// One more token. The keys and values of the tokens before it are in the state.
///
/// @param id     the new token; it stands at position state.length
/// @param state  state.layers[l] is what block l takes as `past`: &state.layers[l]
/// @return       [V], the logits of the token after it
///
/// Handy: a text of one token is {&id, 1}; xt::row(logits, 0) makes [V] of [1, V].
///
/// No mask is needed (an empty one is {}): there is nothing after the last token. Count it in the
/// end: ++state.length.
Tensor1 step_with_cache(const Parts& /*parts*/, int /*id*/, const DecoderWeights& /*weights*/,
                        State& /*state*/) {
    throw Todo("step_with_cache");
}

/// softmax(logits / temperature). At temperature 0 the likeliest token gets 1, the others 0.
///
/// @param logits  [V]
/// @return        [V], adding up to 1
///
/// Take the largest logit off before std::exp, or it overflows.
Tensor1 probabilities(Ref1 /*logits*/, float /*temperature*/) {
    throw Todo("probabilities");
}

/// The k largest logits stay; the others become minus infinity, `ruled_out`.
///
/// @param logits  [V]
/// @return        [V], every logit in its own place
///
/// Handy: by_logit(logits), from above.
Tensor1 top_k(Ref1 /*logits*/, int /*k*/) {
    throw Todo("top_k");
}

/// The likeliest tokens stay, as many as are needed to reach the probability p together; the
/// others become `ruled_out`. The token with which the sum reaches p stays.
///
/// @param logits  [V]; probabilities(logits, 1) are what is added up
/// @return        [V], logits again
Tensor1 top_p(Ref1 /*logits*/, float /*p*/) {
    throw Todo("top_p");
}

/// The best ways on of several beams, of all of them together.
///
/// @param scores             [B], what each beam has so far: a sum of log probabilities
/// @param log_probabilities  [B, V], of the next token after each beam
/// @param count              how many to return
/// @return                   [count, 3], best first: the beam's number, the token, the new score
Tensor2 beam_step(Ref1 /*scores*/, Ref2 /*log_probabilities*/, int /*count*/) {
    throw Todo("beam_step");
}

}  // namespace vitrine::mine
