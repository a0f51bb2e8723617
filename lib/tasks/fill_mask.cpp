#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "io/json.h"
#include "tasks/detail.h"
#include "tensor/error.h"
#include "text/json_fields.h"

namespace vitrine {

std::string mask_token(const LoadedModel& model) {
    const auto settings = model.folder / "tokenizer_config.json";
    if (std::filesystem::exists(settings)) {
        std::string token =
            read_special_token(read_json(settings), "mask_token", settings.string());
        if (!token.empty()) return token;
    }
    for (const char* token : {"[MASK]", "<mask>"}) {
        const auto id = model.tokenizer.id(token);
        if (id && model.tokenizer.is_special(*id)) return token;
    }
    throw ArgumentError(model.folder.string(), "a tokenizer with [MASK] or <mask>", "none");
}

std::vector<std::vector<std::vector<Filled>>> fill_mask(const LoadedModel& model,
                                                        std::span<const std::string> texts,
                                                        Index count, const TaskOptions& options) {
    const auto& encoder = tasks::as<Encoder>(model, "a model that fills in hidden words");
    const std::string mask = mask_token(model);
    const int mask_id = model.tokenizer.id(mask).value_or(-1);
    std::vector<TaskText> inputs;
    for (const std::string& text : texts) inputs.push_back({text, {}});
    std::vector<std::vector<std::vector<Filled>>> result(texts.size());
    const auto fill = [&](std::size_t i, const Encoding& text, const Tensor2& hidden) {
        std::vector<std::size_t> places;
        for (std::size_t t = 0; t < text.ids.size(); ++t) {
            if (text.ids[t] == mask_id) places.push_back(t);
        }
        if (places.empty()) throw ArgumentError("text", "a hidden word, " + mask, texts[i]);
        const Tensor2 logits = encoder.word_logits(hidden, *options.parts);  // [T, V]
        const std::size_t V = logits.shape()[1];
        for (const std::size_t place : places) {
            const std::vector<double> shares = tasks::softmax({logits.data() + place * V, V});
            std::vector<int> order(V);
            std::iota(order.begin(), order.end(), 0);
            const auto wanted = static_cast<std::ptrdiff_t>(
                std::min(V, static_cast<std::size_t>(std::max(count, Index{0}))));
            const auto likelier = [&](int a, int b) {
                const double p = shares[static_cast<std::size_t>(a)],
                             q = shares[static_cast<std::size_t>(b)];
                return p > q || (p == q && a < b);
            };
            std::partial_sort(order.begin(), order.begin() + wanted, order.end(), likelier);
            std::vector<Filled>& filled = result[i].emplace_back();
            for (std::ptrdiff_t rank = 0; rank < wanted; ++rank) {
                const int id = order[static_cast<std::size_t>(rank)];
                std::vector<int> ids = text.ids;
                ids[place] = id;
                // The other hidden words stay visible.
                filled.push_back({id, model.tokenizer.decode(std::vector<int>{id}, true),
                                  shares[static_cast<std::size_t>(id)],
                                  model.tokenizer.decode(ids, places.size() > 1)});
            }
        }
    };
    tasks::run_encoder(model, encoder, inputs, options, fill);
    return result;
}

}  // namespace vitrine
