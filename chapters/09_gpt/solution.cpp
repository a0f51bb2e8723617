// Chapter 09.
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

Tensor2 forward(const Parts& parts, std::span<const int> ids, const DecoderWeights& weights,
                Record* record) {
    const auto T = static_cast<Index>(ids.size());
    std::vector<int> positions(ids.size());
    std::iota(positions.begin(), positions.end(), 0);
    Tensor2 tokens = parts.embed(ids, weights.wte);
    tap(record, "embed", tokens, "TC");
    Tensor2 places = parts.embed(positions, weights.wpe);
    tap(record, "pos_embed", places, "TC");
    Tensor2 x = tokens + places;
    const Tensor2 mask = causal_bias(T, T);
    for (std::size_t l = 0; l < weights.blocks.size(); ++l) {
        const Scope in_block(record, "blocks." + std::to_string(l) + ".");
        x = parts.encoder_block(parts, x, mask, weights.blocks[l], nullptr, record);
    }
    x = parts.layer_norm(x, weights.ln_f);
    tap(record, "ln_final", x, "TC");
    Tensor2 logits = parts.unembed(x, weights.unembed);
    tap(record, "logits", logits, "TV");
    return logits;
}

Tensor1 step_with_cache(const Parts& parts, int id, const DecoderWeights& weights, State& state) {
    const int position = static_cast<int>(state.length);
    const Tensor2 token = parts.embed({&id, 1}, weights.wte);
    const Tensor2 place = parts.embed({&position, 1}, weights.wpe);
    Tensor2 x = token + place;
    for (std::size_t l = 0; l < weights.blocks.size(); ++l) {
        x = parts.encoder_block(parts, x, {}, weights.blocks[l], &state.layers[l], nullptr);
    }
    ++state.length;
    const Tensor2 logits = parts.unembed(parts.layer_norm(x, weights.ln_f), weights.unembed);
    return xt::row(logits, 0);
}

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

Tensor1 top_k(Ref1 logits, int k) {
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
        if (sum >= p) kept(id) = ruled_out;
        sum += likely(id);
    }
    return kept;
}

Tensor2 beam_step(Ref1 scores, Ref2 log_probabilities, int count) {
    const auto [B, V] = shape2(log_probabilities);
    Tensor1 totals = uninitialized<1>({B * V});
    for (Index b = 0; b < B; ++b) {
        for (Index id = 0; id < V; ++id) totals(b * V + id) = scores(b) + log_probabilities(b, id);
    }
    const std::vector<Index> order = by_logit(totals);
    Tensor2 best = uninitialized<2>({count, 3});
    for (Index i = 0; i < count; ++i) {
        const Index at = order[static_cast<std::size_t>(i)];
        best(i, 0) = static_cast<Real>(at / V);
        best(i, 1) = static_cast<Real>(at % V);
        best(i, 2) = totals(at);
    }
    return best;
}

}  // namespace vitrine::mine
