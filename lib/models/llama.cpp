// Llama and what is built like it (Mistral, Qwen2): rotary positions, RMSNorm, SwiGLU, grouped
// heads. Sources: Touvron et al. 2023; Jiang et al. 2023 (Mistral); Yang et al. 2024 (Qwen2); names
// and layout of transformers' LlamaForCausalLM.
#include <cmath>

#include "models/decoder.h"
#include "models/families.h"
#include "models/rope.h"
#include "models/weight_reader.h"
#include "tensor/error.h"

namespace vitrine {

namespace {

/// Where the members of the family differ.
struct Variant {
    bool query_bias = false;   // of the projections to queries, keys and values
    bool output_bias = false;  // of the projection behind attention
    bool mlp_bias = false;
    Index window = 0;       // positions a query sees; 0: all
    Index window_from = 0;  // the first layer with a window
};

ModelInfo read_info(const ConfigFile& config) {
    constexpr Index most = largest_extent;
    ModelInfo info;
    info.family = config.model_type();
    info.width = config.integer({"hidden_size"}, 1, most);
    info.layers = config.integer({"num_hidden_layers"}, 1, most_layers);
    info.heads = config.integer({"num_attention_heads"}, 1, most);
    info.kv_heads = config.integer({"num_key_value_heads"}, 1, most, info.heads);
    info.ff_width = config.integer({"intermediate_size"}, 1, most);
    info.vocabulary = config.integer({"vocab_size"}, 1, largest_vocabulary);
    info.max_positions = config.integer({"max_position_embeddings"}, 1, largest_vocabulary);
    info.bos_id = special_id(config, "bos_token_id", info.vocabulary);
    info.eos_id = special_id(config, "eos_token_id", info.vocabulary);
    if (info.heads % info.kv_heads != 0) {
        throw FileError(config.where() + ", \"num_key_value_heads\"",
                        "a divisor of num_attention_heads = " + std::to_string(info.heads),
                        std::to_string(info.kv_heads));
    }
    info.head_width = config.contains({"head_dim"})
                          ? config.integer({"head_dim"}, 1, most)
                          : even_head_width(config, {info.width, "hidden_size"},
                                            {info.heads, "num_attention_heads"});
    return info;
}

class LlamaReader {
   public:
    LlamaReader(const ConfigFile& config, const TensorFile& tensors, const ModelInfo& info,
                const Variant& variant)
        : info_(info),
          variant_(variant),
          reader_(tensors, {"model.", ""}),
          width_{info.width, "hidden_size"},
          feed_forward_{info.ff_width, "intermediate_size"},
          queries_{info.heads * info.head_width, "num_attention_heads head_dim"},
          keys_{info.kv_heads * info.head_width, "num_key_value_heads head_dim"},
          epsilon_(static_cast<float>(config.number({"rms_norm_eps"}, 1e-6))),
          rotary_{read_rotary_frequencies(config, info.head_width), false} {
        const std::string activation = config.text({"hidden_act"}, "silu");
        if (activation != "silu" && activation != "swish") {
            throw FileError(config.where() + ", \"hidden_act\"", "silu", "\"" + activation + "\"");
        }
    }

    WeightReader& reader() { return reader_; }
    NormWeights norm(const std::string& name) {
        return reader_.norm(name, width_, epsilon_, Norm::rms);
    }
    BlockWeights block(Index l) {
        const std::string name = "layers." + std::to_string(l) + ".";
        const bool bias = variant_.mlp_bias;
        BlockWeights block;
        block.ln_1 = norm(name + "input_layernorm");
        block.attn = attention(name + "self_attn.");
        if (l >= variant_.window_from) block.attn.window = variant_.window;
        block.ln_2 = norm(name + "post_attention_layernorm");
        block.mlp = {reader_.linear(name + "mlp.up_proj", width_, feed_forward_, bias),
                     reader_.linear(name + "mlp.down_proj", feed_forward_, width_, bias),
                     Activate::silu,
                     reader_.linear(name + "mlp.gate_proj", width_, feed_forward_, bias)};
        return block;
    }

   private:
    AttentionWeights attention(const std::string& name) {
        const bool bias = variant_.query_bias;
        AttentionWeights weights{
            reader_.linear(name + "q_proj", width_, queries_, bias),
            reader_.linear(name + "k_proj", width_, keys_, bias),
            reader_.linear(name + "v_proj", width_, keys_, bias),
            reader_.linear(name + "o_proj", queries_, width_, variant_.output_bias)};
        weights.heads = info_.heads;
        weights.kv_heads = info_.kv_heads;
        weights.scale = 1.0F / std::sqrt(static_cast<float>(info_.head_width));
        weights.rotary = rotary_;
        return weights;
    }

    const ModelInfo& info_;
    const Variant& variant_;
    WeightReader reader_;
    Extent width_, feed_forward_, queries_, keys_;
    float epsilon_;
    Rotary rotary_;
};

Model load(const ConfigFile& config, const TensorFile& tensors, const Variant& variant) {
    ModelInfo info = read_info(config);
    LlamaReader names(config, tensors, info, variant);
    const Extent vocabulary{info.vocabulary, "vocab_size"}, width{info.width, "hidden_size"};
    DecoderWeights weights;
    weights.wte = names.reader().matrix("embed_tokens.weight", vocabulary, width);
    for (Index l = 0; l < info.layers; ++l) weights.blocks.push_back(names.block(l));
    weights.ln_f = names.norm("norm");
    weights.unembed = config.boolean({"tie_word_embeddings"}, false)
                          ? weights.wte
                          : names.reader().matrix("lm_head.weight", vocabulary, width);
    names.reader().measure(info, weights.wte.dtype);
    return std::make_unique<Decoder>(std::move(info), std::move(weights));
}

}  // namespace

Model load_llama(const ConfigFile& config, const TensorFile& tensors) {
    Variant variant;
    variant.query_bias = variant.output_bias = config.boolean({"attention_bias"}, false);
    variant.mlp_bias = config.boolean({"mlp_bias"}, false);
    return load(config, tensors, variant);
}

Model load_mistral(const ConfigFile& config, const TensorFile& tensors) {
    Variant variant;
    variant.window = config.integer({"sliding_window"}, 1, largest_vocabulary, 0);
    return load(config, tensors, variant);
}

Model load_qwen2(const ConfigFile& config, const TensorFile& tensors) {
    Variant variant;
    variant.query_bias = true;
    if (config.boolean({"use_sliding_window"}, false)) {
        variant.window = config.integer({"sliding_window"}, 1, largest_vocabulary, 0);
        variant.window_from = config.integer({"max_window_layers"}, 0, most_layers, 28);
    }
    return load(config, tensors, variant);
}

}  // namespace vitrine
