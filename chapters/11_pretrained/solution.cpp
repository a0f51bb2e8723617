// Chapter 11.
#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "nn/parts.h"
#include "tensor/shape.h"
#include "tensor/tensor.h"

namespace vitrine::mine {

inline bool take(std::string_view& name, std::string_view front) {
    if (!name.starts_with(front)) return false;
    name.remove_prefix(front.size());
    return true;
}

using Names = std::map<std::string, std::vector<std::string>>;
inline const Names& our_names() {
    static const Names names{
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
    return names;
}

std::vector<std::string> places(std::string_view name, bool tied) {
    if (!take(name, "model.")) take(name, "transformer.");
    std::string block;
    if (take(name, "layers.") || take(name, "h.")) {
        const std::string layer(name.substr(0, name.find('.')));
        block = "blocks." + layer + ".";
        take(name, layer + ".");
    }
    const std::size_t end = std::min(name.rfind('.'), name.size());
    const std::string part(name.substr(0, end)), ending(name.substr(end));
    const auto found = our_names().find(part);
    if (found == our_names().end()) return {};
    std::vector<std::string> result = found->second;
    if (part == "lm_head" && tied) return {};
    if (result.front() == "wte" && tied) result.emplace_back("unembed");
    for (std::string& place : result) place = block + place + ending;
    return result;
}

Tensor2 linear_weight(Ref2 stored, bool conv1d) {
    return conv1d ? stored.copy() : transpose_last(stored).copy();
}

Tensor2 half_split(Ref2 weight, Index heads) {
    const auto [rows, C] = shape2(weight);
    const Index D = rows / heads;
    Tensor2 result = uninitialized<2>({rows, C});
    for (Index h = 0; h < heads; ++h) {
        for (Index i = 0; i < D / 2; ++i) {
            xt::row(result, h * D + i) = weight[h * D + 2 * i].xt();
            xt::row(result, h * D + i + D / 2) = weight[h * D + 2 * i + 1].xt();
        }
    }
    return result;
}

std::vector<int> position_ids(std::span<const int> ids, int padding) {
    std::vector<int> positions;
    int last = padding;
    for (const int id : ids) positions.push_back(id == padding ? padding : ++last);
    return positions;
}

inline std::vector<int> by_logit(Ref1 logits) {
    std::vector<int> order(static_cast<std::size_t>(logits.shape[0]));
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](int a, int b) { return logits(a) > logits(b); });
    return order;
}

std::vector<int> masked_words(Ref2 logits, std::span<const int> ids, int mask, int count) {
    std::vector<int> words;
    for (std::size_t t = 0; t < ids.size(); ++t) {
        if (ids[t] != mask) continue;
        const std::vector<int> order = by_logit(logits[static_cast<Index>(t)]);
        words.insert(words.end(), order.begin(), order.begin() + count);
    }
    return words;
}

}  // namespace vitrine::mine
