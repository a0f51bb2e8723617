// Somebody else's weights in our model.
// The clear version: every tensor is copied, and checked by nobody. lib/models/llama.cpp and
// lib/models/gpt2.cpp read them in place and check each shape.
#include "pretrained.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "models/rope.h"
#include "tensor/error.h"
#include "tensor/shape.h"

namespace vitrine::chapters {

namespace {

/// Takes `front` off the beginning of a name, if it is there.
bool take(std::string_view& name, std::string_view front) {
    if (!name.starts_with(front)) return false;
    name.remove_prefix(front.size());
    return true;
}

/// The tokens, likeliest first; of two alike the smaller id.
std::vector<int> by_logit(Ref1 logits) {
    std::vector<int> order(static_cast<std::size_t>(logits.shape[0]));
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](int a, int b) { return logits(a) > logits(b); });
    return order;
}

/// A part's name in the checkpoint, without prefix, layer and ending, and in ours.
using Names = std::map<std::string, std::vector<std::string>>;
const Names& our_names() {
    // [marker:names]
    static const Names names{
        // Llama
        {"embed_tokens", {"wte"}},
        {"input_layernorm", {"ln_1"}},
        {"self_attn.q_proj", {"attn.q"}},
        {"self_attn.k_proj", {"attn.k"}},
        {"self_attn.v_proj", {"attn.v"}},
        {"self_attn.o_proj", {"attn.out"}},
        {"post_attention_layernorm", {"ln_2"}},
        {"mlp.gate_proj", {"mlp.gate"}},
        {"mlp.up_proj", {"mlp.in"}},
        {"mlp.down_proj", {"mlp.out"}},
        {"norm", {"ln_f"}},
        {"lm_head", {"unembed"}},
        // GPT-2
        {"wte", {"wte"}},
        {"wpe", {"wpe"}},
        {"ln_1", {"ln_1"}},
        {"attn.c_attn", {"attn.q", "attn.k", "attn.v"}},
        {"attn.c_proj", {"attn.out"}},
        {"ln_2", {"ln_2"}},
        {"mlp.c_fc", {"mlp.in"}},
        {"mlp.c_proj", {"mlp.out"}},
        {"ln_f", {"ln_f"}},
    };
    // [/marker]
    return names;
}

Tensor2 matrix_of(const StoredTensor& stored) {
    const Index rows = stored.shape.size() == 2 ? stored.shape.front() : 1;
    Tensor2 result = uninitialized<2>({rows, stored.size() / rows});
    const std::vector<float> values = stored.floats();
    std::copy(values.begin(), values.end(), result.begin());
    return result;
}

/// The i-th of n equal shares of the columns.
Tensor2 share(const Tensor2& values, std::size_t i, std::size_t n) {
    const std::size_t width = values.shape()[1] / n;
    return xt::view(values, xt::all(), xt::range(i * width, (i + 1) * width));
}

}  // namespace

Plan read_plan(const ConfigFile& config) {
    const std::string family = config.model_type();
    if (family != "gpt2" && family != "llama") {
        throw FileError(config.where() + ", \"model_type\"", "gpt2 or llama", family);
    }
    constexpr Index most = 1 << 20;
    const bool gpt2 = family == "gpt2";
    Plan plan;
    // [marker:config]
    const Index width = config.integer({"hidden_size", "n_embd"}, 1, most);
    plan.layers = config.integer({"num_hidden_layers", "n_layer"}, 1, most);
    plan.heads = config.integer({"num_attention_heads", "n_head"}, 1, most);
    plan.kv_heads = config.integer({"num_key_value_heads"}, 1, most, plan.heads);
    plan.head_width = config.integer({"head_dim"}, 1, most, width / plan.heads);
    plan.tied = config.boolean({"tie_word_embeddings"}, gpt2);
    plan.conv1d = gpt2;
    // [/marker]
    const double epsilon = config.number({"rms_norm_eps", "layer_norm_epsilon"}, 1e-5);
    plan.epsilon = static_cast<float>(epsilon);
    if (gpt2) {
        plan.norm = Norm::layer;
        plan.activation = Activate::gelu_tanh;
    } else {
        plan.rotary = {read_rotary_frequencies(config, plan.head_width), false};
    }
    return plan;
}

// [marker:places]
std::vector<std::string> places(std::string_view name, bool tied) {
    if (!take(name, "model.")) take(name, "transformer.");
    std::string block;
    if (take(name, "layers.") || take(name, "h.")) {
        const std::string layer(name.substr(0, name.find('.')));  // "11"
        block = "blocks." + layer + ".";
        take(name, layer + ".");
    }
    const std::size_t end = std::min(name.rfind('.'), name.size());
    const std::string part(name.substr(0, end)), ending(name.substr(end));  // ".weight"
    const auto found = our_names().find(part);
    if (found == our_names().end()) return {};  // a mask, say: nothing that was learnt
    std::vector<std::string> result = found->second;
    if (part == "lm_head" && tied) return {};
    if (result.front() == "wte" && tied) result.emplace_back("unembed");
    for (std::string& place : result) place = block + place + ending;
    return result;
}
// [/marker]

// [marker:weight]
Tensor2 linear_weight(Ref2 stored, bool conv1d) {
    return conv1d ? stored.copy() : transpose_last(stored).copy();  // [in, out]
}
// [/marker]

// [marker:rotary]
Tensor2 half_split(Ref2 weight, Index heads) {
    const auto [rows, C] = shape2(weight);
    if (heads < 1 || rows % (2 * heads) != 0) {
        throw ShapeError("weight", "rows for " + std::to_string(heads) + " heads of whole pairs",
                         std::to_string(rows));
    }
    const Index D = rows / heads;
    Tensor2 result = uninitialized<2>({rows, C});
    for (Index h = 0; h < heads; ++h) {
        for (Index i = 0; i < D / 2; ++i) {
            const Index first = h * D + i;  // row of the result; its partner is D / 2 further on
            xt::row(result, first) = weight[h * D + 2 * i].xt();
            xt::row(result, first + D / 2) = weight[h * D + 2 * i + 1].xt();
        }
    }
    return result;
}
// [/marker]

// [marker:positions]
std::vector<int> position_ids(std::span<const int> ids, int padding) {
    std::vector<int> positions;
    int last = padding;
    for (const int id : ids) positions.push_back(id == padding ? padding : ++last);
    return positions;
}
// [/marker]

// [marker:masked]
std::vector<int> masked_words(Ref2 logits, std::span<const int> ids, int mask, int count) {
    const auto [T, V] = shape2(logits);
    check_shape("ids", std::vector<Index>{static_cast<Index>(ids.size())}, std::vector<Index>{T});
    if (count < 1 || count > V) {
        throw ArgumentError("count", "1 to " + std::to_string(V), std::to_string(count));
    }
    std::vector<int> words;
    for (Index t = 0; t < T; ++t) {
        if (ids[static_cast<std::size_t>(t)] != mask) continue;
        const std::vector<int> order = by_logit(logits[t]);
        words.insert(words.end(), order.begin(), order.begin() + count);
    }
    return words;
}
// [/marker]

double follows(Ref1 logits) {
    check_shape("logits", logits, {2});
    return 1 / (1 + std::exp(double(logits(1)) - double(logits(0))));
}

Placed place_tensors(const TensorFile& checkpoint, const Plan& plan, const PlaceNames& names) {
    // [marker:place]
    Placed placed;
    for (const auto& [name, stored] : checkpoint.tensors()) {
        const std::vector<std::string> goals = names(name, plan.tied);
        const Tensor2 values = matrix_of(stored);  // a vector is one row
        for (std::size_t i = 0; i < goals.size(); ++i) {
            const bool fused = goals.size() > 1 && goals[i].starts_with("blocks.");
            const Tensor2 part = fused ? share(values, i, goals.size()) : values;
            if (!placed.emplace(goals[i], part).second) {
                throw ArgumentError(goals[i], "one tensor", "\"" + name + "\" as well");
            }
        }
    }
    // [/marker]
    return placed;
}

DecoderWeights build(const Plan& plan, const Placed& placed) {
    const auto at = [&](const std::string& place) -> const Tensor2& {
        const auto found = placed.find(place);
        if (found == placed.end()) throw ArgumentError(place, "a tensor that fills it", "none");
        return found->second;
    };
    const auto vector = [&](const std::string& place) -> Tensor1 {
        const auto found = placed.find(place);
        if (found == placed.end()) return {};  // a model without biases
        return xt::row(found->second, 0);
    };
    const auto norm = [&](const std::string& part) {
        at(part + ".weight");
        return NormWeights{vector(part + ".weight"), vector(part + ".bias"), plan.epsilon,
                           plan.norm};
    };
    const auto linear = [&](const std::string& part) {
        return Linear(Matrix(linear_weight(at(part + ".weight"), plan.conv1d)),
                      vector(part + ".bias"));
    };
    // [marker:build]
    DecoderWeights weights;
    weights.wte = Matrix(at("wte.weight"));
    if (plan.rotary.none()) weights.wpe = Matrix(at("wpe.weight"));
    for (Index l = 0; l < plan.layers; ++l) {
        const std::string block = "blocks." + std::to_string(l) + ".";
        BlockWeights parts;
        parts.ln_1 = norm(block + "ln_1");
        parts.attn = {linear(block + "attn.q"), linear(block + "attn.k"), linear(block + "attn.v"),
                      linear(block + "attn.out")};
        parts.ln_2 = norm(block + "ln_2");
        parts.mlp = {linear(block + "mlp.in"), linear(block + "mlp.out"), plan.activation};
        const bool gated = placed.contains(block + "mlp.gate.weight");
        if (gated) parts.mlp.gate = linear(block + "mlp.gate");
        // [/marker]
        parts.attn.heads = plan.heads;
        parts.attn.kv_heads = plan.kv_heads;
        parts.attn.scale = 1.0F / std::sqrt(static_cast<float>(plan.head_width));
        parts.attn.rotary = plan.rotary;
        weights.blocks.push_back(std::move(parts));
    }
    weights.ln_f = norm("ln_f");
    weights.unembed = Matrix(at("unembed.weight"));
    return weights;
}

}  // namespace vitrine::chapters
