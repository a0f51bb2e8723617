#include "nn/gpt.h"

#include <algorithm>
#include <numeric>

#include "nn/layer_norm.h"
#include "tensor/error.h"

namespace vitrine::fast {

namespace {

/// Token rows plus position rows, from position `start` on.
Tensor2 embedded(const Parts& parts, std::span<const int> ids, Index start,
                 const DecoderWeights& weights, Record* record) {
    std::vector<int> positions(ids.size());
    std::iota(positions.begin(), positions.end(), static_cast<int>(start));
    Tensor2 x = parts.embed(ids, weights.wte);  // [T, C]
    tap(record, "embed", x, "TC");
    Tensor2 at = parts.embed(positions, weights.wpe);  // [T, C]
    tap(record, "pos_embed", at, "TC");
    x += at;
    return x;
}

/// The last norm and the unembedding.
Tensor2 logits_of(const Parts& parts, const Tensor2& x, const DecoderWeights& weights,
                  Record* record) {
    Tensor2 normed = normalize(parts, x, weights.ln_f);  // [T, C]
    tap(record, "ln_final", normed, "TC");
    Tensor2 logits = parts.unembed(normed, weights.unembed);  // [T, V]
    tap(record, "logits", logits, "TV");
    return logits;
}

}  // namespace

Tensor2 forward(const Parts& parts, std::span<const int> ids, const DecoderWeights& weights,
                Record* record) {
    const auto T = static_cast<Index>(ids.size());
    const Tensor2 mask = causal_bias(T, T);
    Tensor2 x = embedded(parts, ids, 0, weights, record);
    for (std::size_t l = 0; l < weights.blocks.size(); ++l) {
        const Scope in_block(record, "blocks." + std::to_string(l) + ".");
        x = parts.encoder_block(parts, x, mask, weights.blocks[l], nullptr, record);
    }
    return logits_of(parts, x, weights, record);
}

Tensor1 step_with_cache(const Parts& parts, int id, const DecoderWeights& weights, State& state) {
    if (state.layers.size() != weights.blocks.size()) {
        throw ArgumentError("state", std::to_string(weights.blocks.size()) + " layers",
                            std::to_string(state.layers.size()), "use the model's new_state()");
    }
    Tensor2 x = embedded(parts, {&id, 1}, state.length, weights, nullptr);
    for (std::size_t l = 0; l < weights.blocks.size(); ++l) {
        x = parts.encoder_block(parts, x, {}, weights.blocks[l], &state.layers[l], nullptr);
    }
    ++state.length;
    const Tensor2 logits = logits_of(parts, x, weights, nullptr);  // [1, V]
    return xt::row(logits, 0);
}

}  // namespace vitrine::fast
