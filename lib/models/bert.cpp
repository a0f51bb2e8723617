// BERT and RoBERTa: post-norm blocks, learned positions, every position sees every other.
// Sources: Devlin et al. 2019; Liu et al. 2019 (RoBERTa); names and layout of transformers'
// BertForPreTraining, BertForSequenceClassification, RobertaForMaskedLM and their kin.
#include <cmath>

#include "models/families.h"
#include "models/weight_reader.h"
#include "tensor/error.h"

namespace vitrine {

namespace {

/// What the two families call their heads, and how they number positions.
struct Variant {
    std::string word_dense, word_norm, word_table, word_bias;  // masked language model
    std::string class_dense;                                   // in front of the classifier
    std::string class_out;
    int padding = -1;
};

ModelInfo read_info(const ConfigFile& config, const Variant& variant) {
    constexpr Index most = largest_extent;
    ModelInfo info;
    info.family = config.model_type();
    info.width = config.integer({"hidden_size"}, 1, most);
    info.layers = config.integer({"num_hidden_layers"}, 1, most_layers);
    info.heads = info.kv_heads = config.integer({"num_attention_heads"}, 1, most);
    info.head_width =
        even_head_width(config, {info.width, "hidden_size"}, {info.heads, "num_attention_heads"});
    info.ff_width = config.integer({"intermediate_size"}, 1, most);
    info.vocabulary = config.integer({"vocab_size"}, 1, largest_vocabulary);
    const Index taken = variant.padding + 1;  // positions that no token stands at
    info.max_positions = config.integer({"max_position_embeddings"}, taken + 1, most) - taken;
    info.bos_id = special_id(config, "bos_token_id", info.vocabulary);
    info.eos_id = special_id(config, "eos_token_id", info.vocabulary);
    return info;
}

void refuse_unknown_options(const ConfigFile& config) {
    const std::string positions = config.text({"position_embedding_type"}, "absolute");
    if (positions != "absolute") {
        throw FileError(config.where() + ", \"position_embedding_type\"", "absolute",
                        "\"" + positions + "\"");
    }
    for (const char* key : {"is_decoder", "add_cross_attention"}) {
        if (config.boolean({key}, false)) {
            throw FileError(config.where() + ", \"" + key + "\"", "false", "true",
                            "this variant of BERT is not supported");
        }
    }
}

class BertReader {
   public:
    BertReader(const ConfigFile& config, const TensorFile& tensors, const ModelInfo& info)
        : config_(config),
          info_(info),
          reader_(tensors, {"bert.", "roberta.", "model.", "transformer.", ""}),
          width_{info.width, "hidden_size"},
          feed_forward_{info.ff_width, "intermediate_size"},
          vocabulary_{info.vocabulary, "vocab_size"},
          epsilon_(static_cast<float>(config.number({"layer_norm_eps"}, 1e-12))),
          activation_(read_activation(config, {"hidden_act"}, "gelu")) {}

    EncoderWeights weights(const Variant& variant) {
        const std::string name = "embeddings.";
        EncoderWeights weights;
        weights.padding = variant.padding;
        weights.tokens = reader_.matrix(name + "word_embeddings.weight", vocabulary_, width_);
        weights.positions = reader_.matrix(
            name + "position_embeddings.weight",
            {info_.max_positions + variant.padding + 1, "max_position_embeddings"}, width_);
        const Index types = config_.integer({"type_vocab_size"}, 1, largest_extent, 2);
        weights.types = reader_.matrix(name + "token_type_embeddings.weight",
                                       {types, "type_vocab_size"}, width_);
        weights.norm = norm(name + "LayerNorm");
        for (Index l = 0; l < info_.layers; ++l) weights.blocks.push_back(block(l));
        if (reader_.contains("pooler.dense.weight")) weights.pooler = square("pooler.dense");
        if (reader_.contains("cls.seq_relationship.weight")) {
            weights.next_sentence = {
                square("pooler.dense"),
                reader_.linear("cls.seq_relationship", width_, {2, "\"is next\" and \"is not\""})};
        }
        if (reader_.contains(variant.word_dense + ".weight")) {
            weights.words = word_head(variant, weights.tokens);
        }
        if (reader_.contains(variant.class_out + ".weight")) read_classes(variant, weights);
        return weights;
    }
    const WeightReader& reader() const { return reader_; }

   private:
    NormWeights norm(const std::string& name) { return reader_.norm(name, width_, epsilon_); }
    Linear square(const std::string& name) { return reader_.linear(name, width_, width_); }

    BlockWeights block(Index l) {
        const std::string name = "encoder.layer." + std::to_string(l) + ".";
        BlockWeights block;
        block.post_norm = true;
        block.attn = {square(name + "attention.self.query"), square(name + "attention.self.key"),
                      square(name + "attention.self.value"),
                      square(name + "attention.output.dense")};
        block.attn.heads = block.attn.kv_heads = info_.heads;
        block.attn.scale = 1.0F / std::sqrt(static_cast<float>(info_.head_width));
        block.attn.causal = false;
        block.ln_1 = norm(name + "attention.output.LayerNorm");
        block.mlp = {reader_.linear(name + "intermediate.dense", width_, feed_forward_),
                     reader_.linear(name + "output.dense", feed_forward_, width_), activation_};
        block.ln_2 = norm(name + "output.LayerNorm");
        return block;
    }

    /// Its table is the token table unless config.json says that they differ.
    TokenHead word_head(const Variant& variant, const Matrix& tied) {
        return {square(variant.word_dense), activation_, norm(variant.word_norm),
                config_.boolean({"tie_word_embeddings"}, true)
                    ? tied
                    : reader_.matrix(variant.word_table, vocabulary_, width_),
                reader_.vector(variant.word_bias, vocabulary_)};
    }

    /// config.json lists the names as {"0": "entailment", ...}; two classes if it says nothing.
    void read_classes(const Variant& variant, EncoderWeights& weights) {
        while (config_.contains({"id2label." + std::to_string(weights.labels.size())})) {
            weights.labels.push_back(
                config_.text({"id2label." + std::to_string(weights.labels.size())}));
        }
        if (weights.labels.empty()) {
            const Index count = config_.integer({"num_labels"}, 1, largest_extent, 2);
            for (Index i = 0; i < count; ++i) {
                weights.labels.push_back("LABEL_" + std::to_string(i));
            }
        }
        const Extent classes{static_cast<Index>(weights.labels.size()), "id2label (or num_labels)"};
        weights.classes = {square(variant.class_dense),
                           reader_.linear(variant.class_out, width_, classes)};
    }

    const ConfigFile& config_;
    const ModelInfo& info_;
    WeightReader reader_;
    Extent width_, feed_forward_, vocabulary_;
    float epsilon_;
    Activate activation_;
};

Model load(const ConfigFile& config, const TensorFile& tensors, const Variant& variant) {
    refuse_unknown_options(config);
    ModelInfo info = read_info(config, variant);
    BertReader reader(config, tensors, info);
    EncoderWeights weights = reader.weights(variant);
    reader.reader().measure(info, weights.tokens.dtype);
    return std::make_unique<Encoder>(std::move(info), std::move(weights));
}

}  // namespace

Model load_bert(const ConfigFile& config, const TensorFile& tensors) {
    const std::string words = "cls.predictions.";
    return load(config, tensors,
                {words + "transform.dense", words + "transform.LayerNorm", words + "decoder.weight",
                 words + "bias", "pooler.dense", "classifier"});
}

Model load_roberta(const ConfigFile& config, const TensorFile& tensors) {
    Variant variant{"lm_head.dense", "lm_head.layer_norm", "lm_head.decoder.weight",
                    "lm_head.bias",  "classifier.dense",   "classifier.out_proj"};
    variant.padding = static_cast<int>(config.integer({"pad_token_id"}, 0, largest_extent, 1));
    return load(config, tensors, variant);
}

}  // namespace vitrine
