// T5 and what is built like it (T5 v1.1, Flan-T5, mT5): an encoder-decoder with biases by distance
// in place of positions, RMSNorm, scores that are not scaled, no biases in its linear maps.
// Sources: Raffel et al. 2020; Shazeer 2020 (gated GELU); Xue et al. 2021 (mT5); names and layout
// of transformers' T5ForConditionalGeneration.
#include <cmath>

#include "models/families.h"
#include "models/weight_reader.h"
#include "tensor/error.h"

namespace vitrine {

namespace {

ModelInfo read_info(const ConfigFile& config) {
    constexpr Index most = largest_extent;
    ModelInfo info;
    info.family = config.model_type();
    info.width = config.integer({"d_model"}, 1, most);
    info.heads = info.kv_heads = config.integer({"num_heads"}, 1, most);
    info.head_width = config.integer({"d_kv"}, 1, most);
    info.ff_width = config.integer({"d_ff"}, 1, most);
    info.layers = config.integer({"num_decoder_layers", "num_layers"}, 1, most_layers);
    info.vocabulary = config.integer({"vocab_size"}, 1, largest_vocabulary);
    info.max_positions = unlimited_positions;
    info.bos_id = special_id(config, "decoder_start_token_id", info.vocabulary);
    info.eos_id = special_id(config, "eos_token_id", info.vocabulary);
    return info;
}

class T5Reader {
   public:
    T5Reader(const ConfigFile& config, const TensorFile& tensors, const ModelInfo& info)
        : config_(config),
          info_(info),
          reader_(tensors, {"", "model.", "transformer."}),
          width_{info.width, "d_model"},
          heads_{info.heads, "num_heads"},
          inner_{info.heads * info.head_width, "num_heads d_kv"},
          feed_forward_{info.ff_width, "d_ff"},
          epsilon_(static_cast<float>(config.number({"layer_norm_epsilon"}, 1e-6))) {
        const std::string kind = config.text({"feed_forward_proj"}, "relu");
        gated_ = kind.rfind("gated-", 0) == 0;
        const std::string name = gated_ ? kind.substr(6) : kind;
        activation_ = activation_named(gated_ && name == "gelu" ? "gelu_new" : name,
                                       config.where() + ", \"feed_forward_proj\"");
    }

    WeightReader& reader() { return reader_; }

    NormWeights norm(const std::string& name) {
        return reader_.norm(name, width_, epsilon_, Norm::rms);
    }
    /// Block l of a stack: self-attention, in the decoder cross-attention, feed-forward.
    BlockWeights block(const std::string& stack, Index l, bool crosses) {
        const std::string name = stack + ".block." + std::to_string(l) + ".layer.";
        const std::string last = name + (crosses ? "2." : "1.");
        BlockWeights block;
        block.ln_1 = norm(name + "0.layer_norm");
        block.attn = attention(name + "0.SelfAttention.");
        block.attn.causal = crosses;
        if (crosses) {
            block.ln_cross = norm(name + "1.layer_norm");
            block.cross = attention(name + "1.EncDecAttention.");
        }
        block.ln_2 = norm(last + "layer_norm");
        block.mlp = feed_forward(last + "DenseReluDense.");
        return block;
    }
    DistanceBias distances(const std::string& stack) {
        const Index buckets = config_.integer({"relative_attention_num_buckets"}, 4, 1 << 16, 32);
        const Index longest = config_.integer({"relative_attention_max_distance"}, 1, 1 << 30, 128);
        if (longest <= buckets / 2) {
            throw FileError(
                config_.where() + ", \"relative_attention_max_distance\"",
                "more than half of relative_attention_num_buckets = " + std::to_string(buckets),
                std::to_string(longest));
        }
        return {
            reader_.table(stack + ".block.0.layer.0.SelfAttention.relative_attention_bias.weight",
                          {buckets, "relative_attention_num_buckets"}, heads_),
            static_cast<int>(longest)};
    }

   private:
    Linear linear(const std::string& name, const Extent& in, const Extent& out) {
        return reader_.linear(name, in, out, false);
    }
    AttentionWeights attention(const std::string& name) {
        AttentionWeights weights{
            linear(name + "q", width_, inner_), linear(name + "k", width_, inner_),
            linear(name + "v", width_, inner_), linear(name + "o", inner_, width_)};
        weights.heads = weights.kv_heads = info_.heads;
        weights.scale = 1.0F;
        weights.causal = false;
        return weights;
    }
    FeedForwardWeights feed_forward(const std::string& name) {
        return {linear(name + (gated_ ? "wi_1" : "wi"), width_, feed_forward_),
                linear(name + "wo", feed_forward_, width_), activation_,
                gated_ ? linear(name + "wi_0", width_, feed_forward_) : Linear()};
    }

    const ConfigFile& config_;
    const ModelInfo& info_;
    WeightReader reader_;
    Extent width_, heads_, inner_, feed_forward_;
    float epsilon_;
    bool gated_ = false;
    Activate activation_ = Activate::relu;
};

}  // namespace

Model load_t5(const ConfigFile& config, const TensorFile& tensors) {
    ModelInfo info = read_info(config);
    T5Reader names(config, tensors, info);
    const Extent vocabulary{info.vocabulary, "vocab_size"}, width{info.width, "d_model"};
    const bool tied = config.boolean({"tie_word_embeddings"}, true);
    const bool scaled = config.boolean({"scale_decoder_outputs"}, tied);

    TextToTextWeights weights;
    weights.tokens = names.reader().matrix("shared.weight", vocabulary, width);
    const Index encoder_layers = config.integer({"num_layers"}, 1, most_layers);
    for (Index l = 0; l < encoder_layers; ++l) {
        weights.stacks.encoder.push_back(names.block("encoder", l, false));
    }
    for (Index l = 0; l < info.layers; ++l) {
        weights.stacks.decoder.push_back(names.block("decoder", l, true));
    }
    weights.stacks.encoder_norm = names.norm("encoder.final_layer_norm");
    weights.stacks.decoder_norm = names.norm("decoder.final_layer_norm");
    weights.encoder_bias = names.distances("encoder");
    weights.decoder_bias = names.distances("decoder");
    // A table of its own counts even if config.json says "tied": transformers 5 writes so always.
    weights.unembed = tied && !names.reader().contains("lm_head.weight")
                          ? weights.tokens
                          : names.reader().matrix("lm_head.weight", vocabulary, width);
    if (scaled) weights.output_scale = 1.0F / std::sqrt(static_cast<float>(info.width));
    weights.start_id = std::max(info.bos_id, 0);
    names.reader().measure(info, weights.tokens.dtype);
    return std::make_unique<EncoderDecoder>(std::move(info), std::move(weights));
}

}  // namespace vitrine
