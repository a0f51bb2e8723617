#include "viz/views/encoder_decoder_numbers.h"

#include <cmath>

#include "chapters/03_positional_encoding/positional_encoding.h"
#include "tensor/random.h"

namespace vitrine::viz {

namespace {

constexpr Index C = translator_width;
constexpr std::uint64_t weights_seed = 2017, rows_seed = 1706;

/// Outputs vary as much as inputs do.
Linear random_linear(Random& random, Index in, Index out) {
    const double deviation = 1.0 / std::sqrt(static_cast<double>(in));
    return Linear(Matrix(random_normal<2>(random, {in, out}, deviation)), zeros<1>({out}));
}

NormWeights plain_norm() {
    return {xt::ones<Real>({C}), zeros<1>({C})};
}

AttentionWeights random_attention(Random& random) {
    AttentionWeights weights;
    weights.q = random_linear(random, C, C);
    weights.k = random_linear(random, C, C);
    weights.v = random_linear(random, C, C);
    weights.out = random_linear(random, C, C);
    weights.heads = weights.kv_heads = translator_heads;
    const Index head_width = C / translator_heads;
    weights.scale = 1.0F / std::sqrt(static_cast<float>(head_width));
    return weights;
}

BlockWeights random_block(Random& random, bool of_decoder) {
    BlockWeights block;
    block.ln_1 = block.ln_2 = plain_norm();
    block.attn = random_attention(random);
    if (of_decoder) {
        block.ln_cross = plain_norm();
        block.cross = random_attention(random);
        block.cross.causal = false;
    }
    block.mlp.in = random_linear(random, C, 4 * C);
    block.mlp.out = random_linear(random, 4 * C, C);
    block.mlp.activation = Activate::relu;
    block.post_norm = true;
    return block;
}

}  // namespace

EncoderDecoderWeights random_translator() {
    Random random(weights_seed);
    EncoderDecoderWeights weights;
    for (Index l = 0; l < translator_layers; ++l) {
        weights.encoder.push_back(random_block(random, false));
        weights.decoder.push_back(random_block(random, true));
    }
    weights.encoder_norm = weights.decoder_norm = plain_norm();
    return weights;
}

Tensor2 random_embedding(std::span<const int> ids) {
    Tensor2 x = chapters::sinusoidal(static_cast<Index>(ids.size()), C);
    for (std::size_t t = 0; t < ids.size(); ++t) {
        Random random(rows_seed + static_cast<std::uint64_t>(ids[t]));
        for (Index c = 0; c < C; ++c)
            x(t, static_cast<std::size_t>(c)) += static_cast<Real>(random.normal());
    }
    return x;
}

ActivationCache run_translator(std::span<const int> source, std::span<const int> target) {
    const EncoderDecoderWeights weights = random_translator();
    Record record = Record::all();
    const Tensor2 memory = encode(fast_parts(), random_embedding(source), Bias(), weights, &record);
    decode(fast_parts(), random_embedding(target), memory, Bias(), weights, &record);
    return record.take_cache();
}

}  // namespace vitrine::viz
