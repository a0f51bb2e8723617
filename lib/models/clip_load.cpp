// CLIP from a Hugging Face folder.
#include <cmath>

#include "models/clip.h"
#include "models/families.h"
#include "models/weight_reader.h"
#include "tensor/error.h"

namespace vitrine {

namespace {

/// One of the two towers; its keys stand in an object of their own in config.json.
class TowerReader {
   public:
    TowerReader(const ConfigFile& config, WeightReader& reader, std::string object,
                std::string name)
        : config_(config), reader_(reader), object_(std::move(object)), name_(std::move(name)) {
        C = extent("hidden_size");
        heads_ = extent("num_attention_heads");
        F = extent("intermediate_size");
        layers = config.integer({object_ + ".num_hidden_layers"}, 1, most_layers);
        head_width = even_head_width(config, C, heads_);
        epsilon_ = static_cast<float>(config.number({object_ + ".layer_norm_eps"}, 1e-5));
        activation_ = read_activation(config, {object_ + ".hidden_act"}, "quick_gelu");
    }

    Extent C, F;
    Index layers = 0, head_width = 0;
    Index heads() const { return heads_.size; }

    Extent extent(const std::string& key, std::optional<Index> fallback = {}) const {
        const std::string full = object_ + "." + key;
        return {config_.integer({full}, 1, largest_extent, fallback), full};
    }
    NormWeights norm(const std::string& name) { return reader_.norm(name_ + name, C, epsilon_); }
    std::vector<BlockWeights> blocks(bool causal) {
        std::vector<BlockWeights> all;
        for (Index l = 0; l < layers; ++l) {
            all.push_back(block("encoder.layers." + std::to_string(l) + ".", causal));
        }
        return all;
    }

   private:
    BlockWeights block(const std::string& layer, bool causal) {
        const std::string name = name_ + layer;
        const auto square = [&](const char* part) {
            return reader_.linear(name + "self_attn." + part, C, C);
        };
        BlockWeights block;
        block.ln_1 = norm(layer + "layer_norm1");
        block.attn = {square("q_proj"), square("k_proj"), square("v_proj"), square("out_proj")};
        block.attn.heads = block.attn.kv_heads = heads_.size;
        block.attn.scale = 1.0F / std::sqrt(static_cast<float>(head_width));
        block.attn.causal = causal;
        block.ln_2 = norm(layer + "layer_norm2");
        block.mlp = {reader_.linear(name + "mlp.fc1", C, F), reader_.linear(name + "mlp.fc2", F, C),
                     activation_};
        return block;
    }

    const ConfigFile& config_;
    WeightReader& reader_;
    std::string object_, name_;
    Extent heads_;
    float epsilon_ = 1e-5F;
    Activate activation_ = Activate::quick_gelu;
};

void read_text_tower(TowerReader& tower, WeightReader& reader, const ModelInfo& info,
                     const Extent& projection, ClipWeights& weights) {
    const std::string name = "text_model.embeddings.";
    weights.tokens = reader.matrix(name + "token_embedding.weight",
                                   {info.vocabulary, "text_config.vocab_size"}, tower.C);
    weights.text_positions =
        reader.matrix(name + "position_embedding.weight",
                      {info.max_positions, "text_config.max_position_embeddings"}, tower.C);
    weights.text_blocks = tower.blocks(true);
    weights.text_norm = tower.norm("final_layer_norm");
    weights.text_projection = reader.linear("text_projection", tower.C, projection, false);
    // Before 2023 every CLIP had 2 here, whatever its end token was; the end has the largest id.
    weights.end_id = info.eos_id == 2 ? -1 : info.eos_id;
}

void read_vision_tower(TowerReader& tower, WeightReader& reader, const Extent& projection,
                       ClipWeights& weights) {
    const std::string name = "vision_model.embeddings.";
    const Extent side = tower.extent("image_size"), patch = tower.extent("patch_size");
    const Extent channels = tower.extent("num_channels", 3);
    weights.side = side.size;
    weights.patch = patch.size;
    weights.channels = channels.size;
    if (patch.size > side.size) {
        throw FileError("config.json, \"" + patch.key + "\"",
                        "at most image_size = " + std::to_string(side.size),
                        std::to_string(patch.size));
    }
    const Index across = side.size / patch.size;
    weights.patches =
        Linear(reader.flattened(name + "patch_embedding.weight", {tower.C, channels, patch, patch})
                   .transpose());
    weights.class_embedding = reader.vector(name + "class_embedding", tower.C);
    weights.vision_positions = reader.matrix(
        name + "position_embedding.weight",
        {1 + across * across, "1 + (" + side.key + " / " + patch.key + ")^2"}, tower.C);
    weights.vision_norm_before = tower.norm("pre_layrnorm");
    weights.vision_blocks = tower.blocks(false);
    weights.vision_norm_after = tower.norm("post_layernorm");
    weights.vision_projection = reader.linear("visual_projection", tower.C, projection, false);
}

}  // namespace

Model load_clip(const ConfigFile& config, const TensorFile& tensors) {
    WeightReader reader(tensors, {"", "model.", "clip."});
    TowerReader text(config, reader, "text_config", "text_model.");
    TowerReader vision(config, reader, "vision_config", "vision_model.");
    ModelInfo info;
    info.family = config.model_type();
    info.layers = text.layers;
    info.heads = info.kv_heads = text.heads();
    info.width = text.C.size;
    info.head_width = text.head_width;
    info.ff_width = text.F.size;
    info.vocabulary = config.integer({"text_config.vocab_size"}, 1, largest_vocabulary, 49408);
    info.max_positions = text.extent("max_position_embeddings", 77).size;
    info.bos_id = special_id(config, "text_config.bos_token_id", info.vocabulary);
    info.eos_id = special_id(config, "text_config.eos_token_id", info.vocabulary);

    const Extent projection{config.integer({"projection_dim"}, 1, largest_extent, 512),
                            "projection_dim"};
    ClipWeights weights;
    read_text_tower(text, reader, info, projection, weights);
    read_vision_tower(vision, reader, projection, weights);
    weights.logit_scale = std::exp(reader.values("logit_scale", {}).front());
    reader.measure(info, weights.tokens.dtype);
    return std::make_unique<Clip>(std::move(info), std::move(weights));
}

}  // namespace vitrine
