// GPT-2 from a Hugging Face folder, and with random weights.
#include <cmath>

#include "models/families.h"
#include "models/gpt2.h"
#include "models/weight_reader.h"
#include "tensor/error.h"
#include "tensor/random.h"

namespace vitrine {

namespace {

struct Sizes {
    Extent C, F, V, positions;
    float epsilon = 1e-5F;
    Activate activation = Activate::gelu_tanh;
};

/// Queries, keys and values are column ranges of one stored matrix: nothing is copied.
AttentionWeights read_attention(WeightReader& reader, const std::string& name, const Sizes& n,
                                const ModelInfo& info, float scale) {
    const Index C = n.C.size;
    const Extent three{3 * C, "3 " + n.C.key};
    const Matrix fused = reader.matrix(name + "c_attn.weight", n.C, three);  // [C, 3C]
    const Tensor1 bias = reader.vector(name + "c_attn.bias", three);
    const auto part = [&](Index i) {
        return Linear(fused.column_range(i * C, (i + 1) * C),
                      rows(Ref1(bias), i * C, (i + 1) * C).copy());
    };
    AttentionWeights weights{part(0), part(1), part(2),
                             Linear{reader.matrix(name + "c_proj.weight", n.C, n.C),
                                    reader.vector(name + "c_proj.bias", n.C)}};
    weights.heads = info.heads;
    weights.kv_heads = info.heads;
    weights.scale = scale;
    return weights;
}

BlockWeights read_block(WeightReader& reader, Index l, const Sizes& n, const ModelInfo& info,
                        float scale) {
    const std::string name = "h." + std::to_string(l) + ".";
    BlockWeights block;
    block.ln_1 = reader.norm(name + "ln_1", n.C, n.epsilon);
    block.attn = read_attention(reader, name + "attn.", n, info, scale);
    block.ln_2 = reader.norm(name + "ln_2", n.C, n.epsilon);
    // Braces: read in this order by every compiler, so that an error names the same tensor.
    block.mlp = {Linear{reader.matrix(name + "mlp.c_fc.weight", n.C, n.F),
                        reader.vector(name + "mlp.c_fc.bias", n.F)},
                 Linear{reader.matrix(name + "mlp.c_proj.weight", n.F, n.C),
                        reader.vector(name + "mlp.c_proj.bias", n.C)},
                 n.activation};
    return block;
}

ModelInfo read_info(const ConfigFile& config) {
    constexpr Index most = largest_extent;
    ModelInfo info;
    info.family = "gpt2";
    info.width = config.integer({"n_embd", "hidden_size"}, 1, most);
    info.heads = config.integer({"n_head", "num_attention_heads"}, 1, most);
    info.layers = config.integer({"n_layer", "num_hidden_layers"}, 1, most_layers);
    info.max_positions =
        config.integer({"n_positions", "max_position_embeddings", "n_ctx"}, 1, most);
    info.vocabulary = config.integer({"vocab_size"}, 1, largest_vocabulary);
    info.ff_width = config.integer({"n_inner", "intermediate_size"}, 1, most, 4 * info.width);
    info.bos_id = special_id(config, "bos_token_id", info.vocabulary);
    info.eos_id = special_id(config, "eos_token_id", info.vocabulary);
    info.kv_heads = info.heads;
    info.head_width = even_head_width(config, {info.width, "n_embd"}, {info.heads, "n_head"});
    return info;
}

void refuse_unknown_options(const ConfigFile& config) {
    if (config.boolean({"add_cross_attention"}, false)) {
        throw FileError(config.where() + ", \"add_cross_attention\"", "false", "true",
                        "this variant of GPT-2 is not supported");
    }
    if (!config.boolean({"tie_word_embeddings"}, true)) {
        throw FileError(config.where() + ", \"tie_word_embeddings\"", "true", "false",
                        "GPT-2 unembeds with its token table");
    }
}

Index count_parameters(const ModelInfo& n) {
    const Index C = n.width;
    const Index a_block =
        4 * C + (3 * C * C + 3 * C) + (C * C + C) + (2 * C * n.ff_width + n.ff_width + C);
    return (n.vocabulary + n.max_positions) * C + n.layers * a_block + 2 * C;
}

}  // namespace

Model load_gpt2(const ConfigFile& config, const TensorFile& tensors) {
    refuse_unknown_options(config);
    ModelInfo info = read_info(config);
    WeightReader reader(tensors, {"transformer.", ""});
    Sizes n;
    n.C = {info.width, "n_embd"};
    n.F = {info.ff_width, "n_inner (or 4 n_embd)"};
    n.V = {info.vocabulary, "vocab_size"};
    n.positions = {info.max_positions, "n_positions"};
    n.epsilon = static_cast<float>(config.number({"layer_norm_epsilon", "layer_norm_eps"}, 1e-5));
    n.activation = read_activation(config, {"activation_function", "hidden_act"}, "gelu_new");
    const bool scaled = config.boolean({"scale_attn_weights"}, true);
    const bool by_layer = config.boolean({"scale_attn_by_inverse_layer_idx"}, false);
    const float scale = scaled ? 1.0F / std::sqrt(static_cast<float>(info.head_width)) : 1.0F;

    GPT2Weights weights;
    weights.wte = reader.matrix("wte.weight", n.V, n.C);
    weights.wpe = reader.matrix("wpe.weight", n.positions, n.C);
    for (Index l = 0; l < info.layers; ++l) {
        const float of_layer = by_layer ? scale / static_cast<float>(l + 1) : scale;
        weights.blocks.push_back(read_block(reader, l, n, info, of_layer));
    }
    weights.ln_f = reader.norm("ln_f", n.C, n.epsilon);
    weights.unembed = weights.wte;
    reader.measure(info, weights.wte.dtype);
    return std::make_unique<Decoder>(std::move(info), std::move(weights));
}

std::unique_ptr<Decoder> random_gpt2(const ModelInfo& sizes, std::uint64_t seed) {
    ModelInfo info = sizes;
    info.family = "gpt2";
    info.dtype = "float32";
    info.kv_heads = info.heads;
    info.head_width = info.width / info.heads;
    info.ff_width = 4 * info.width;
    info.parameters = count_parameters(info);
    info.weight_bytes = static_cast<std::size_t>(info.parameters) * sizeof(float);
    Random random(seed);
    const Index C = info.width;
    const Index F = info.ff_width;
    const auto matrix = [&](Index rows, Index columns) {
        return Matrix(random_normal<2>(random, {rows, columns}, 0.02));
    };
    const auto norm = [&] { return NormWeights{xt::ones<Real>({C}), zeros<1>({C}), 1e-5F}; };
    GPT2Weights weights;
    weights.wte = matrix(info.vocabulary, C);
    weights.wpe = matrix(info.max_positions, C);
    for (Index l = 0; l < info.layers; ++l) {
        BlockWeights block;
        const Matrix fused = matrix(C, 3 * C);
        const auto part = [&](Index i) {
            return Linear(fused.column_range(i * C, (i + 1) * C), zeros<1>({C}));
        };
        block.ln_1 = norm();
        block.attn = {part(0), part(1), part(2), Linear(matrix(C, C), zeros<1>({C}))};
        block.attn.heads = block.attn.kv_heads = info.heads;
        block.attn.scale = 1.0F / std::sqrt(static_cast<float>(info.head_width));
        block.ln_2 = norm();
        block.mlp = {Linear(matrix(C, F), zeros<1>({F})), Linear(matrix(F, C), zeros<1>({C})),
                     Activate::gelu_tanh};
        weights.blocks.push_back(std::move(block));
    }
    weights.ln_f = norm();
    weights.unembed = weights.wte;
    return std::make_unique<Decoder>(std::move(info), std::move(weights));
}

}  // namespace vitrine
