#include "tasks/detail.h"

#include <algorithm>
#include <cmath>

#include "io/config.h"
#include "tensor/error.h"

namespace vitrine {

LoadedModel open_model(const std::filesystem::path& folder) {
    LoadedModel model{folder, load_model(folder), Tokenizer::load(folder), {}, false};
    if (std::holds_alternative<std::unique_ptr<Clip>>(model.model))
        model.pictures = ImageProcessor::load(folder);
    const ConfigFile config = ConfigFile::open(folder);
    const std::string problem = config.text({"problem_type"}, "");
    model.each_label_alone = problem == "multi_label_classification";
    return model;
}

namespace tasks {

Encoding encode(const Tokenizer& tokenizer, const TaskText& text, Index longest, bool truncate) {
    Encoding encoding =
        text.pair ? tokenizer.encode_pair(text.text, *text.pair) : tokenizer.encode(text.text);
    const auto count = static_cast<Index>(encoding.ids.size());
    if (count == 0) throw ArgumentError("text", "at least one token", "none");
    if (count <= longest) return encoding;
    if (!truncate) {
        throw ArgumentError("text", "at most " + std::to_string(longest) + " tokens",
                            std::to_string(count), "--truncate cuts it");
    }
    Truncation truncation;
    truncation.max_length = longest;
    return text.pair ? tokenizer.encode_windows(text.text, *text.pair, truncation)[0]
                     : tokenizer.encode_windows(text.text, truncation)[0];
}

void in_batches(const Tokenizer& tokenizer, const Encoder& encoder, std::span<const TaskText> texts,
                Index longest, bool truncate,
                const std::function<void(std::size_t, const std::vector<Encoding>&,
                                         const std::vector<TokenInput>&)>& run) {
    const bool has_types = encoder.weights().types.rows > 1;
    for (std::size_t begin = 0; begin < texts.size(); begin += rows_at_a_time) {
        const std::size_t end = std::min(texts.size(), begin + rows_at_a_time);
        std::vector<Encoding> encodings;
        for (std::size_t i = begin; i < end; ++i)
            encodings.push_back(encode(tokenizer, texts[i], longest, truncate));
        std::vector<TokenInput> inputs;
        for (const Encoding& text : encodings) {
            inputs.push_back({text.ids});
            if (has_types) inputs.back().type_ids = text.type_ids;
        }
        run(begin, encodings, inputs);
    }
}

void run_encoder(const LoadedModel& model, const Encoder& encoder, std::span<const TaskText> texts,
                 const TaskOptions& options,
                 const std::function<void(std::size_t, const Encoding&, const Tensor2&)>& each) {
    in_batches(model.tokenizer, encoder, texts, encoder.info().max_positions, options.truncate,
               [&](std::size_t begin, const std::vector<Encoding>& encodings,
                   const std::vector<TokenInput>& inputs) {
                   const std::vector<Tensor2> hidden =
                       encoder.forward(inputs, *options.parts, options.stop);
                   for (std::size_t i = 0; i < inputs.size(); ++i)
                       each(begin + i, encodings[i], hidden[i]);
               });
}

std::vector<double> softmax(std::span<const Real> logits) {
    const Real largest = *std::max_element(logits.begin(), logits.end());
    std::vector<double> result;
    double sum = 0;
    for (const Real logit : logits) {
        result.push_back(std::exp(static_cast<double>(logit - largest)));
        sum += result.back();
    }
    for (double& each : result) each /= sum;
    return result;
}

}  // namespace tasks

}  // namespace vitrine
