// A whole GPT, from token ids to the next token.
// The clear version: one sequence. lib/nn/gpt.cpp and lib/generate are the fast ones.
#include "gpt.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "nn/bias.h"
#include "nn/layer_norm.h"
#include "tensor/error.h"
#include "tensor/shape.h"

namespace vitrine::chapters {

namespace {

constexpr Real ruled_out = -std::numeric_limits<Real>::infinity();

/// The tokens, likeliest first; of two alike the smaller id.
std::vector<Index> by_logit(Ref1 logits) {
    std::vector<Index> order(static_cast<std::size_t>(logits.shape[0]));
    std::iota(order.begin(), order.end(), Index{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](Index a, Index b) { return logits(a) > logits(b); });
    return order;
}

}  // namespace

Tensor2 forward(const Parts& parts, std::span<const int> ids, const DecoderWeights& weights,
                Record* record) {
    const auto T = static_cast<Index>(ids.size());
    // [marker:embed]
    std::vector<int> positions(ids.size());
    std::iota(positions.begin(), positions.end(), 0);      // 0, 1, 2, ...
    Tensor2 tokens = parts.embed(ids, weights.wte);        // [T, C]
    Tensor2 places = parts.embed(positions, weights.wpe);  // [T, C]
    // [/marker]
    tap(record, "embed", tokens, "TC");
    tap(record, "pos_embed", places, "TC");
    // [marker:blocks]
    Tensor2 x = tokens + places;
    const Tensor2 mask = causal_bias(T, T);
    for (std::size_t l = 0; l < weights.blocks.size(); ++l) {
        const Scope in_block(record, "blocks." + std::to_string(l) + ".");
        x = parts.encoder_block(parts, x, mask, weights.blocks[l], nullptr, record);
    }
    // [/marker]
    // [marker:logits]
    Tensor2 normed = normalize(parts, x, weights.ln_f);  // [T, C]
    tap(record, "ln_final", normed, "TC");
    Tensor2 logits = parts.unembed(normed, weights.unembed);  // [T, V]
    // [/marker]
    tap(record, "logits", logits, "TV");
    return logits;
}

Tensor1 step_with_cache(const Parts& parts, int id, const DecoderWeights& weights, State& state) {
    // [marker:cache]
    const int position = static_cast<int>(state.length);
    const Tensor2 token = parts.embed({&id, 1}, weights.wte);        // [1, C]
    const Tensor2 place = parts.embed({&position, 1}, weights.wpe);  // [1, C]
    Tensor2 x = token + place;
    for (std::size_t l = 0; l < weights.blocks.size(); ++l) {
        x = parts.encoder_block(parts, x, {}, weights.blocks[l], &state.layers[l], nullptr);
    }
    ++state.length;
    // [/marker]
    const Tensor2 logits = parts.unembed(normalize(parts, x, weights.ln_f), weights.unembed);
    return xt::row(logits, 0);  // [1, V] -> [V]
}

// [marker:temperature]
Tensor1 probabilities(Ref1 logits, float temperature) {
    if (temperature == 0) {
        Tensor1 greedy = zeros<1>(logits.shape);
        greedy(by_logit(logits).front()) = 1;
        return greedy;
    }
    const Tensor1 scaled = logits.xt() / temperature;
    const Tensor1 raised = xt::exp(scaled - xt::amax(scaled)());
    return raised / xt::sum(raised)();
}
// [/marker]

// [marker:top]
Tensor1 top_k(Ref1 logits, int k) {
    if (k < 1) throw ArgumentError("k", "1 or more", std::to_string(k));
    Tensor1 kept = logits.copy();
    const std::vector<Index> order = by_logit(logits);
    for (std::size_t i = static_cast<std::size_t>(k); i < order.size(); ++i) {
        kept(order[i]) = ruled_out;
    }
    return kept;
}

Tensor1 top_p(Ref1 logits, float p) {
    Tensor1 kept = logits.copy();
    const Tensor1 likely = probabilities(logits, 1);
    float sum = 0;
    for (const Index id : by_logit(logits)) {
        if (sum >= p) kept(id) = ruled_out;  // enough without this one
        sum += likely(id);
    }
    return kept;
}
// [/marker]

// [marker:beams]
Tensor2 beam_step(Ref1 scores, Ref2 log_probabilities, int count) {
    const auto [B, V] = shape2(log_probabilities);
    check_shape("scores", scores, {B});
    if (count < 1 || count > B * V) {
        throw ArgumentError("count", "1 to " + std::to_string(B * V), std::to_string(count));
    }
    Tensor2 sums = uninitialized<2>({B * V, 3});
    for (Index b = 0; b < B; ++b) {
        for (Index id = 0; id < V; ++id) {
            const Index row = b * V + id;
            sums(row, 0) = static_cast<Real>(b);
            sums(row, 1) = static_cast<Real>(id);
            sums(row, 2) = scores(b) + log_probabilities(b, id);
        }
    }
    const Tensor1 totals = xt::col(sums, 2);
    const std::vector<Index> order = by_logit(totals);
    Tensor2 best = uninitialized<2>({count, 3});
    for (Index i = 0; i < count; ++i) {
        xt::row(best, i) = xt::row(sums, order[static_cast<std::size_t>(i)]);
    }
    return best;
}
// [/marker]

}  // namespace vitrine::chapters
