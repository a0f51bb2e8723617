// The positions are counted from 1.
#define forward right_forward  // the other functions are the solution's
#include "../solution.cpp"
#undef forward

namespace vitrine::mine {

Tensor2 forward(const Parts& parts, std::span<const int> ids, const DecoderWeights& weights,
                Record* record) {
    const auto T = static_cast<Index>(ids.size());
    std::vector<int> positions(ids.size());
    std::iota(positions.begin(), positions.end(), 1);
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

}  // namespace vitrine::mine
