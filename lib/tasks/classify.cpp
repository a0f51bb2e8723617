#include <algorithm>
#include <cmath>

#include "tasks/detail.h"
#include "tensor/error.h"

namespace vitrine {

namespace {

std::span<const Real> numbers(const Tensor1& logits) {
    return {logits.data(), logits.size()};
}

}  // namespace

std::vector<std::vector<Labelled>> classify(const LoadedModel& model,
                                            std::span<const TaskText> texts,
                                            const TaskOptions& options) {
    const auto& encoder = tasks::as<Encoder>(model, "a model that classifies texts");
    const std::vector<std::string>& labels = encoder.weights().labels;
    // With one label, or when a text may have several, each is a yes or no of its own.
    const bool alone = model.each_label_alone || labels.size() == 1;
    std::vector<std::vector<Labelled>> result(texts.size());
    tasks::run_encoder(
        model, encoder, texts, options, [&](std::size_t i, const Encoding&, const Tensor2& hidden) {
            const Tensor1 logits = encoder.class_logits(hidden);
            const std::vector<double> shares = tasks::softmax(numbers(logits));
            for (std::size_t y = 0; y < labels.size(); ++y) {
                const auto logit = static_cast<double>(logits(y));
                result[i].push_back({labels[y], alone ? 1 / (1 + std::exp(-logit)) : shares[y]});
            }
            std::stable_sort(
                result[i].begin(), result[i].end(),
                [](const Labelled& a, const Labelled& b) { return a.probability > b.probability; });
        });
    return result;
}

std::vector<double> next_sentence(const LoadedModel& model, std::span<const TaskText> pairs,
                                  const TaskOptions& options) {
    const auto& encoder = tasks::as<Encoder>(model, "a BERT");
    for (const TaskText& each : pairs) {
        if (!each.pair) throw ArgumentError("text", "two texts", "one: " + each.text);
    }
    std::vector<double> result(pairs.size());
    tasks::run_encoder(model, encoder, pairs, options,
                       [&](std::size_t i, const Encoding&, const Tensor2& hidden) {
                           const Tensor1 logits = encoder.next_sentence_logits(hidden);
                           result[i] = tasks::softmax(numbers(logits))[0];  // BERT's 0: it follows
                       });
    return result;
}

}  // namespace vitrine
