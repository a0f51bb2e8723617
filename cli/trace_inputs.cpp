#include "cli/trace_inputs.h"

#include "models/image_processor.h"
#include "tensor/error.h"
#include "tensor/shape.h"
#include "text/tokenizer.h"

namespace vitrine::cli {

namespace {

/// @param like  if it has numbers, the shape that is expected
IntMatrix read_matrix(const TensorFile& file, const char* name, const IntMatrix& like = {}) {
    if (!file.contains(name)) return {};
    const StoredTensor& stored = file.at(name);
    const std::string where = file.path().string() + ", \"" + name + "\"";
    if (stored.shape.size() != 2) {
        throw ShapeError(where, "[B, T]", shape_text(stored.shape));
    }
    if (!like.none() && (stored.shape[0] != like.B || stored.shape[1] != like.T)) {
        throw ShapeError(where, shape_text(std::vector<Index>{like.B, like.T}) + ", as input_ids",
                         shape_text(stored.shape));
    }
    IntMatrix matrix{stored.shape[0], stored.shape[1], stored.integers()};
    if (matrix.none()) throw ArgumentError(where, "at least one token", "none");
    return matrix;
}

std::vector<Tensor3> read_pictures(const TensorFile& file) {
    if (!file.contains("pixel_values")) return {};
    const StoredTensor& stored = file.at("pixel_values");
    if (stored.shape.size() != 4) {
        throw ShapeError(file.path().string() + ", \"pixel_values\"",
                         "[B, channels, height, width]", shape_text(stored.shape));
    }
    const std::vector<float> values = stored.floats();
    std::vector<Tensor3> pictures;
    auto from = values.begin();
    for (Index b = 0; b < stored.shape[0]; ++b) {
        pictures.push_back(uninitialized<3>({stored.shape[1], stored.shape[2], stored.shape[3]}));
        const auto size = static_cast<std::ptrdiff_t>(pictures.back().size());
        std::copy(from, from + size, pictures.back().begin());
        from += size;
    }
    return pictures;
}

IntMatrix one_row(const std::vector<int>& ids) {
    return {1, static_cast<Index>(ids.size()), {ids.begin(), ids.end()}};
}

}  // namespace

std::vector<int> IntMatrix::row(Index b, const char* what) const {
    std::vector<int> result;
    if (none()) return result;
    for (Index t = 0; t < T; ++t) {
        const std::int64_t value = values[static_cast<std::size_t>(b * T + t)];
        if (value < 0 || value > INT32_MAX) {
            throw ArgumentError(what, "numbers from 0 on", std::to_string(value));
        }
        result.push_back(static_cast<int>(value));
    }
    return result;
}

TraceInputs read_tensors(const std::string& path) {
    const TensorFile file = TensorFile::open(path);
    TraceInputs inputs;
    inputs.pictures = read_pictures(file);
    if (inputs.pictures.empty()) file.at("input_ids");  // one of them must be there
    inputs.ids = read_matrix(file, "input_ids");
    inputs.mask = read_matrix(file, "attention_mask", inputs.ids);
    inputs.types = read_matrix(file, "token_type_ids", inputs.ids);
    inputs.decoder_ids = read_matrix(file, "decoder_input_ids");
    if (!inputs.decoder_ids.none() && inputs.decoder_ids.B != inputs.ids.B) {
        throw ShapeError(path + ", \"decoder_input_ids\"",
                         std::to_string(inputs.ids.B) + " rows, as input_ids",
                         std::to_string(inputs.decoder_ids.B));
    }
    return inputs;
}

TraceInputs read_texts(const TextInputs& texts, const Model& model,
                       const std::filesystem::path& folder) {
    const auto* encoder = std::get_if<std::unique_ptr<Encoder>>(&model);
    const auto* to_text = std::get_if<std::unique_ptr<EncoderDecoder>>(&model);
    const std::string& family = info_of(model).family;
    TraceInputs inputs;
    if (!texts.image.empty()) {
        if (!std::holds_alternative<std::unique_ptr<Clip>>(model)) {
            throw ArgumentError("--image", "a model that reads pictures", family);
        }
        inputs.pictures.push_back(ImageProcessor::load(folder)(read_image(texts.image)));
    }
    if (!texts.decoder_text.empty() && to_text == nullptr) {
        throw ArgumentError("--decoder-text", "an encoder-decoder", family);
    }
    if (texts.text.empty() && !inputs.pictures.empty()) return inputs;
    const Tokenizer tokenizer = Tokenizer::load(folder);
    const Encoding encoding = texts.pair.empty() ? tokenizer.encode(texts.text)
                                                 : tokenizer.encode_pair(texts.text, texts.pair);
    if (encoding.ids.empty()) throw ArgumentError("--text", "at least one token", "none");
    inputs.ids = one_row(encoding.ids);
    // RoBERTa has a single type: its pairs are told apart by the separators alone.
    if (encoder != nullptr && (*encoder)->weights().types.rows > 1) {
        inputs.types = one_row(encoding.type_ids);
    }
    if (to_text != nullptr) {
        std::vector<int> target = tokenizer.encode(texts.decoder_text, false).ids;
        target.insert(target.begin(), (*to_text)->weights().start_id);
        inputs.decoder_ids = one_row(target);
    }
    return inputs;
}

}  // namespace vitrine::cli
