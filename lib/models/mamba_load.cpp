// Mamba from a Hugging Face folder.
#include <cmath>

#include "models/families.h"
#include "models/mamba.h"
#include "models/weight_reader.h"
#include "tensor/error.h"

namespace vitrine {

namespace {

struct Sizes {
    Extent C, E, N, K, R, V;
    float epsilon = 1e-5F;
    bool linear_bias = false, convolution_bias = true;
};

Sizes read_sizes(const ConfigFile& config) {
    constexpr Index most = largest_extent;
    Sizes n;
    n.C = {config.integer({"hidden_size"}, 1, most), "hidden_size"};
    const Index expand = config.integer({"expand"}, 1, 64, 2);
    n.E = {config.integer({"intermediate_size"}, 1, most, expand * n.C.size),
           "intermediate_size (or expand hidden_size)"};
    n.N = {config.integer({"state_size"}, 1, 1 << 16, 16), "state_size"};
    n.K = {config.integer({"conv_kernel"}, 1, 1 << 10, 4), "conv_kernel"};
    n.R = {config.integer({"time_step_rank"}, 1, most, (n.C.size + 15) / 16), "time_step_rank"};
    n.V = {config.integer({"vocab_size"}, 1, largest_vocabulary), "vocab_size"};
    n.epsilon = static_cast<float>(config.number({"layer_norm_epsilon"}, 1e-5));
    n.linear_bias = config.boolean({"use_bias"}, false);
    n.convolution_bias = config.boolean({"use_conv_bias"}, true);
    const std::string activation = config.text({"hidden_act"}, "silu");
    if (activation != "silu" && activation != "swish") {
        throw FileError(config.where() + ", \"hidden_act\"", "silu", "\"" + activation + "\"");
    }
    return n;
}

/// Columns [begin, end) of a linear map's result, as a map of its own.
Linear part_of(const Linear& whole, Index begin, Index end) {
    return Linear(whole.matrix().column_range(begin, end),
                  whole.has_bias() ? rows(Ref1(whole.bias()), begin, end).copy() : Tensor1());
}

MambaBlock read_block(WeightReader& reader, Index l, const Sizes& n) {
    const std::string layer = "layers." + std::to_string(l) + ".";
    const std::string name = layer + "mixer.";
    const Index E = n.E.size, N = n.N.size, R = n.R.size;
    MambaBlock block;
    block.norm = reader.norm(layer + "norm", n.C, n.epsilon, Norm::rms);
    const Linear both =
        reader.linear(name + "in_proj", n.C, {2 * E, "2 " + n.E.key}, n.linear_bias);
    block.in = part_of(both, 0, E);
    block.gate = part_of(both, E, 2 * E);
    const std::vector<float> convolution =
        reader.values(name + "conv1d.weight", {n.E, {1, "1 (each channel alone)"}, n.K});
    block.convolution = uninitialized<2>({E, n.K.size});
    std::copy(convolution.begin(), convolution.end(), block.convolution.begin());
    block.convolution_bias =
        n.convolution_bias ? reader.vector(name + "conv1d.bias", n.E) : zeros<1>({E});
    const Linear three =
        reader.linear(name + "x_proj", n.E, {R + 2 * N, "time_step_rank + 2 state_size"}, false);
    block.delta_low = part_of(three, 0, R);
    block.B = part_of(three, R, R + N);
    block.C = part_of(three, R + N, R + 2 * N);
    block.delta = reader.linear(name + "dt_proj", n.R, n.E);
    block.A = reader.table(name + "A_log", n.E, n.N);
    for (Real& value : block.A) value = -std::exp(value);
    block.D = reader.vector(name + "D", n.E);
    block.out = reader.linear(name + "out_proj", n.E, n.C, n.linear_bias);
    return block;
}

}  // namespace

Model load_mamba(const ConfigFile& config, const TensorFile& tensors) {
    const Sizes n = read_sizes(config);
    WeightReader reader(tensors, {"backbone.", "model.", ""});
    ModelInfo info;
    info.family = config.model_type();
    info.width = n.C.size;
    info.ff_width = n.E.size;
    info.vocabulary = n.V.size;
    info.layers = config.integer({"num_hidden_layers"}, 1, most_layers);
    info.max_positions = unlimited_positions;
    info.bos_id = special_id(config, "bos_token_id", info.vocabulary);
    info.eos_id = special_id(config, "eos_token_id", info.vocabulary);

    MambaWeights weights;
    // The authors' own checkpoints of 2023 have the older name.
    const bool older = !reader.contains("embeddings.weight") && reader.contains("embedding.weight");
    weights.tokens = reader.matrix(older ? "embedding.weight" : "embeddings.weight", n.V, n.C);
    for (Index l = 0; l < info.layers; ++l) weights.blocks.push_back(read_block(reader, l, n));
    weights.norm = reader.norm("norm_f", n.C, n.epsilon, Norm::rms);
    weights.unembed = config.boolean({"tie_word_embeddings"}, true)
                          ? weights.tokens
                          : reader.matrix("lm_head.weight", n.V, n.C);
    reader.measure(info, weights.tokens.dtype);
    return std::make_unique<Mamba>(std::move(info), std::move(weights));
}

}  // namespace vitrine
