#include "models/llama.h"

#include <cmath>
#include <numbers>

#include "models/rope.h"
#include "models/weight_reader.h"
#include "tensor/error.h"

namespace vitrine {

namespace {

constexpr Index most = 1 << 20;  // no size of a real model is larger; products stay in range

ModelInfo read_info(const ConfigFile& config) {
    ModelInfo info;
    info.family = config.model_type();
    info.width = config.integer({"hidden_size"}, 1, most);
    info.layers = config.integer({"num_hidden_layers"}, 1, 4096);
    info.heads = config.integer({"num_attention_heads"}, 1, most);
    info.kv_heads = config.integer({"num_key_value_heads"}, 1, most, info.heads);
    info.ff_width = config.integer({"intermediate_size"}, 1, most);
    info.vocabulary = config.integer({"vocab_size"}, 1, 1 << 24);
    info.max_positions = config.integer({"max_position_embeddings"}, 1, 1 << 24);
    info.bos_id = special_id(config, "bos_token_id", info.vocabulary);
    info.eos_id = special_id(config, "eos_token_id", info.vocabulary);
    if (info.heads % info.kv_heads != 0) {
        throw FileError(config.where() + ", \"num_key_value_heads\"",
                        "a divisor of num_attention_heads = " + std::to_string(info.heads),
                        std::to_string(info.kv_heads));
    }
    if (!config.contains({"head_dim"}) && info.width % info.heads != 0) {
        throw FileError(config.where() + ", \"hidden_size\"",
                        "a multiple of num_attention_heads = " + std::to_string(info.heads),
                        std::to_string(info.width));
    }
    info.head_width = config.integer({"head_dim"}, 1, most, info.width / info.heads);
    return info;
}

/// Reads torch's nn.Linear, which keeps [out, in].
class LlamaReader {
   public:
    LlamaReader(const ConfigFile& config, const TensorFile& tensors, const ModelInfo& info)
        : info_(info),
          reader_(tensors, {"model.", ""}),
          width_{info.width, "hidden_size"},
          feed_forward_{info.ff_width, "intermediate_size"},
          queries_{info.heads * info.head_width, "num_attention_heads head_dim"},
          keys_{info.kv_heads * info.head_width, "num_key_value_heads head_dim"},
          vocabulary_{info.vocabulary, "vocab_size"},
          epsilon_(static_cast<float>(config.number({"rms_norm_eps"}, 1e-6))),
          rotary_{read_rotary_frequencies(config, info.head_width), false},
          window_(read_window(config)) {
        const std::string activation = config.text({"hidden_act"}, "silu");
        if (activation != "silu" && activation != "swish") {
            throw FileError(config.where() + ", \"hidden_act\"", "silu", "\"" + activation + "\"");
        }
    }

    Matrix token_table() const {
        return reader_.matrix("embed_tokens.weight", vocabulary_, width_);
    }
    /// The unembedding has its own table unless config.json ties it.
    Matrix unembedding(const TensorFile& tensors, const ConfigFile& config, Matrix tied) const {
        if (config.boolean({"tie_word_embeddings"}, false)) return tied;
        return WeightReader(tensors, {""}).matrix("lm_head.weight", vocabulary_, width_);
    }
    NormWeights norm(const std::string& name) const {
        return {reader_.vector(name + ".weight", width_), {}, epsilon_, Norm::rms};
    }
    BlockWeights block(Index l) const {
        const std::string name = "layers." + std::to_string(l) + ".";
        BlockWeights block;
        block.ln_1 = norm(name + "input_layernorm");
        block.attn = attention(name + "self_attn.", window_.from_layer <= l ? window_.size : 0);
        block.ln_2 = norm(name + "post_attention_layernorm");
        block.mlp = {linear(name + "mlp.up_proj", width_, feed_forward_),
                     linear(name + "mlp.down_proj", feed_forward_, width_), Activate::silu,
                     linear(name + "mlp.gate_proj", width_, feed_forward_)};
        return block;
    }

   private:
    struct Window {
        Index size = 0, from_layer = 0;
    };

    static Window read_window(const ConfigFile& config) {
        const bool is_qwen = config.model_type() == "qwen2";  // has the key, and a switch for it
        if (!config.contains({"sliding_window"}) ||
            (is_qwen && !config.boolean({"use_sliding_window"}, false))) {
            return {};
        }
        return {config.integer({"sliding_window"}, 1, 1 << 24),
                is_qwen ? config.integer({"max_window_layers"}, 0, 4096, 28) : 0};
    }
    Linear linear(const std::string& name, const Extent& in, const Extent& out) const {
        const bool has_bias = reader_.contains(name + ".bias");
        return Linear(reader_.matrix(name + ".weight", out, in).transpose(),
                      has_bias ? reader_.vector(name + ".bias", out) : Tensor1());
    }
    AttentionWeights attention(const std::string& name, Index window) const {
        AttentionWeights weights{
            linear(name + "q_proj", width_, queries_), linear(name + "k_proj", width_, keys_),
            linear(name + "v_proj", width_, keys_), linear(name + "o_proj", queries_, width_)};
        weights.heads = info_.heads;
        weights.kv_heads = info_.kv_heads;
        weights.scale = 1.0F / std::sqrt(static_cast<float>(info_.head_width));
        weights.rotary = rotary_;
        weights.window = window;
        return weights;
    }

    const ModelInfo& info_;
    WeightReader reader_;
    Extent width_, feed_forward_, queries_, keys_, vocabulary_;
    float epsilon_;
    Rotary rotary_;
    Window window_;
};

Index count(const Linear& linear) {
    return linear.in_features() * linear.out_features() + static_cast<Index>(linear.bias().size());
}

Index count(const DecoderWeights& weights, bool tied) {
    Index sum = weights.wte.rows * weights.wte.columns * (tied ? 1 : 2);
    for (const BlockWeights& block : weights.blocks) {
        sum += static_cast<Index>(block.ln_1.gain.size() + block.ln_2.gain.size());
        for (const Linear* linear : {&block.attn.q, &block.attn.k, &block.attn.v, &block.attn.out,
                                     &block.mlp.in, &block.mlp.gate, &block.mlp.out}) {
            sum += count(*linear);
        }
    }
    return sum + static_cast<Index>(weights.ln_f.gain.size());
}

}  // namespace

std::unique_ptr<LanguageModel> load_llama(const ConfigFile& config, const TensorFile& tensors) {
    ModelInfo info = read_info(config);
    const LlamaReader reader(config, tensors, info);
    DecoderWeights weights;
    weights.wte = reader.token_table();
    for (Index l = 0; l < info.layers; ++l) weights.blocks.push_back(reader.block(l));
    weights.ln_f = reader.norm("norm");
    weights.unembed = reader.unembedding(tensors, config, weights.wte);
    info.parameters = count(weights, config.boolean({"tie_word_embeddings"}, false));
    info.dtype = dtype_name(weights.wte.dtype);
    info.weight_bytes = static_cast<std::size_t>(info.parameters) * dtype_size(weights.wte.dtype);
    return std::make_unique<Decoder>(std::move(info), std::move(weights));
}

}  // namespace vitrine
