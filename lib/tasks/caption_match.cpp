#include "tasks/detail.h"
#include "tensor/error.h"

namespace vitrine {

Tensor2 caption_match(const LoadedModel& model, std::span<const Image> pictures,
                      std::span<const std::string> captions, const TaskOptions& options) {
    const auto& clip = tasks::as<Clip>(model, "a model that reads texts and pictures");
    if (captions.empty()) throw ArgumentError("captions", "at least one", "none");
    if (pictures.empty()) throw ArgumentError("pictures", "at least one", "none");
    std::vector<Encoding> encodings;
    for (const std::string& caption : captions) {
        encodings.push_back(tasks::encode(model.tokenizer, {caption, {}}, clip.info().max_positions,
                                          options.truncate));
    }
    std::vector<TokenInput> texts;
    texts.reserve(encodings.size());
    for (const Encoding& each : encodings) texts.push_back({each.ids});
    std::vector<Tensor3> pixels;
    pixels.reserve(pictures.size());
    for (const Image& picture : pictures) pixels.push_back((*model.pictures)(picture));
    std::vector<PictureInput> inputs;
    inputs.reserve(pixels.size());
    for (const Tensor3& each : pixels) inputs.push_back({each});
    Tensor2 result = clip.logits(clip.embed_pictures(inputs, *options.parts, options.stop),
                                 clip.embed_texts(texts, *options.parts, options.stop));
    const std::size_t count = captions.size();
    for (std::size_t p = 0; p < pictures.size(); ++p) {
        const std::vector<double> shares = tasks::softmax({result.data() + p * count, count});
        for (std::size_t c = 0; c < count; ++c) result(p, c) = static_cast<Real>(shares[c]);
    }
    return result;
}

}  // namespace vitrine
