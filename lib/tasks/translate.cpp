#include "tasks/detail.h"
#include "tensor/error.h"

namespace vitrine {

GenerateOptions likeliest() {
    GenerateOptions options;
    options.sampling.temperature = 0;
    return options;
}

std::vector<Generated> translate(const LoadedModel& model, std::span<const std::string> texts,
                                 const GenerateOptions& generate, const TaskOptions& options) {
    const auto& reader = tasks::as<EncoderDecoder>(model, "an encoder-decoder");
    std::vector<Generated> result;
    for (const std::string& text : texts) {
        const Encoding source = tasks::encode(model.tokenizer, {text, {}},
                                              reader.info().max_positions, options.truncate);
        const TokenInput input{source.ids};
        const auto writer =
            reader.after(std::move(reader.encode({&input, 1}, *options.parts, options.stop)[0]));
        result.push_back(vitrine::generate(*writer, model.tokenizer, {reader.weights().start_id},
                                           generate, {}, *options.parts, options.stop));
    }
    return result;
}

}  // namespace vitrine
