#include <algorithm>
#include <cmath>

#include "tasks/detail.h"
#include "tensor/error.h"
#include "tensor/shape.h"

namespace vitrine {

SentenceModel open_sentence_model(const std::filesystem::path& folder) {
    return {SentenceEncoder::load(folder), Tokenizer::load(folder)};
}

Tensor2 embed(const SentenceModel& model, std::span<const std::string> texts,
              const TaskOptions& options) {
    const Index C = model.encoder.width();
    std::vector<TaskText> inputs;
    for (const std::string& text : texts) inputs.push_back({text, {}});
    Tensor2 result = zeros<2>({static_cast<Index>(texts.size()), C});
    tasks::in_batches(
        model.tokenizer, model.encoder.encoder(), inputs, model.encoder.max_length(), true,
        [&](std::size_t begin, const std::vector<Encoding>&, const std::vector<TokenInput>& batch) {
            const Tensor2 rows = model.encoder.embed(batch, *options.parts, options.stop);
            std::copy(rows.begin(), rows.end(),
                      result.begin() + static_cast<std::ptrdiff_t>(begin) * C);
        });
    return result;
}

Tensor2 similarity(Ref2 a, Ref2 b) {
    const Index A = a.shape[0], B = b.shape[0], C = a.shape[1];
    if (b.shape[1] != C) {
        throw ShapeError("similarity", "[B, " + std::to_string(C) + "]",
                         shape_text(std::vector<Index>{B, b.shape[1]}));
    }
    const auto product = [C](Ref1 x, Ref1 y) {
        double sum = 0;
        for (Index c = 0; c < C; ++c) sum += static_cast<double>(x(c)) * static_cast<double>(y(c));
        return sum;
    };
    Tensor2 result = zeros<2>({A, B});
    for (Index i = 0; i < A; ++i) {
        for (Index j = 0; j < B; ++j) {
            const double lengths = std::sqrt(product(a[i], a[i]) * product(b[j], b[j]));
            if (lengths > 0) result(i, j) = static_cast<Real>(product(a[i], b[j]) / lengths);
        }
    }
    return result;
}

}  // namespace vitrine
