#include "viz/views/similarity_numbers.h"

#include <algorithm>
#include <filesystem>

#include "tensor/error.h"
#include "viz/app/run_model.h"

namespace vitrine::viz {

SentenceFolder open_sentence_folder(const std::string& folder) {
    return {open_sentence_model(folder),
            std::filesystem::exists(std::filesystem::path(folder) / "modules.json")};
}

namespace {

/// What the last layer makes of a line.
Tensor2 read_line(const Run& line, const std::stop_token& stop) {
    if (const EncoderDecoder* both = line.model->text_to_text()) {
        const TokenInput input{line.encoding.ids};
        return std::move(both->encode({&input, 1}, fast_parts(), stop).front());
    }
    Record record = Record::of({"ln_final"});
    const Sequence sequence{line.encoding.ids, nullptr, &record};
    line.model->language()->forward({&sequence, 1}, Logits::last, fast_parts(), stop);
    const Activation& hidden = record.cache().at("ln_final");
    return Ref2(hidden.values.data(), {hidden.shape[0], hidden.shape[1]}).copy();
}

}  // namespace

Tensor2 mean_vectors(const std::shared_ptr<const LoadedModel>& model,
                     const std::vector<std::string>& lines, const std::stop_token& stop) {
    const Index C = model->info().width;
    Tensor2 vectors = zeros<2>({static_cast<Index>(lines.size()), C});
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (stop.stop_requested()) throw Stopped();
        Run line;
        line.model = model;
        line.text = lines[i];
        encode_text(line);
        if (line.positions() == 0) continue;
        const Tensor2 hidden = read_line(line, stop);  // [T, C]
        const Ref2 all(hidden);
        const Index first = line.has_start && line.positions() > 1 ? 1 : 0;
        const Tensor1 mean = vitrine::pool(rows(all, first, line.positions()), {}, Pooling::mean);
        std::copy(mean.begin(), mean.end(), vectors.data() + static_cast<Index>(i) * C);
    }
    return vectors;
}

Likeness likeness_of(Ref2 vectors) {
    Likeness likeness{similarity(vectors, vectors), {}};
    const Index n = vectors.shape[0];
    for (Index i = 0; i < n; ++i) {
        Index closest = -1;
        for (Index j = 0; j < n; ++j) {
            if (j == i) continue;
            if (closest < 0 || likeness.cosines(i, j) > likeness.cosines(i, closest)) closest = j;
        }
        likeness.closest.push_back(closest);
    }
    return likeness;
}

Ref2 last_vectors(const Run& run) {
    const Activation* last = run.at("ln_final");
    if (last == nullptr) last = run.at(run.layers() - 1, "resid_post");
    if (last == nullptr || last->shape.size() != 2) return {};
    return Ref2(last->values.data(), {last->shape[0], last->shape[1]});
}

}  // namespace vitrine::viz
