// All blocks share the cache of the first.
#define step_with_cache right_step_with_cache  // the other functions are the solution's
#include "../solution.cpp"
#undef step_with_cache

namespace vitrine::mine {

Tensor1 step_with_cache(const Parts& parts, int id, const DecoderWeights& weights, State& state) {
    const int position = static_cast<int>(state.length);
    const Tensor2 token = parts.embed({&id, 1}, weights.wte);
    const Tensor2 place = parts.embed({&position, 1}, weights.wpe);
    Tensor2 x = token + place;
    for (std::size_t l = 0; l < weights.blocks.size(); ++l) {
        x = parts.encoder_block(parts, x, {}, weights.blocks[l], &state.layers[0], nullptr);
    }
    ++state.length;
    const Tensor2 logits = parts.unembed(parts.layer_norm(x, weights.ln_f), weights.unembed);
    return xt::row(logits, 0);
}

}  // namespace vitrine::mine
