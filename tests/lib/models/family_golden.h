// A model of any kind against what transformers computed for it, and its outputs as numbers.
#pragma once

#include "golden.h"
#include "models/hugging_face_names.h"

namespace vitrine::test {

/// Row b of a [B, T] golden of whole numbers; empty if there is none.
inline std::vector<int> ints_of(const TensorFile& file, const std::string& name, Index b) {
    if (!file.contains(name)) return {};
    const Index T = file.at(name).shape[1];
    const auto all = file.at(name).integers();
    return {all.begin() + b * T, all.begin() + (b + 1) * T};
}

/// Compares every activation of a run that transformers hands out too with row b of its golden.
/// @return  how many there were
inline std::size_t compare_row(const Model& model, const ActivationCache& cache,
                               const TensorFile& file, Index b, double bound,
                               double attention_bound) {
    std::size_t compared = 0;
    for (const auto& entry : hugging_face_names(model)) {
        const std::string ours = entry.first, theirs = entry.second;
        if (!file.contains(theirs) || cache.count(ours) == 0) continue;
        INFO(ours, " and ", theirs, ", row ", b);
        const StoredTensor& stored = file.at(theirs);
        const Activation& activation = cache.at(ours);
        REQUIRE(std::vector<Index>(stored.shape.begin() + 1, stored.shape.end()) ==
                activation.shape);
        const std::vector<float> all = stored.floats();
        const std::size_t size = activation.values.size();
        double largest = 0;
        for (std::size_t i = 0; i < size; ++i) {
            const double difference =
                std::abs(double(all[std::size_t(b) * size + i]) - double(activation.values[i]));
            largest = std::isnan(difference) ? INFINITY : std::max(largest, difference);
        }
        CHECK(largest < (theirs.find("attentions") == std::string::npos ? bound : attention_bound));
        ++compared;
    }
    return compared;
}

/// Golden tensors that are not inputs.
inline std::size_t outputs_in(const TensorFile& file) {
    std::size_t count = 0;
    for (const auto& entry : file.tensors()) {
        const std::string& name = entry.first;
        const bool input = name == "attention_mask" || name == "pixel_values" ||
                           (name.size() > 4 && name.compare(name.size() - 4, 4, "_ids") == 0);
        if (!input) ++count;
    }
    return count;
}

inline void append(std::vector<float>& to, const auto& tensor) {
    to.insert(to.end(), tensor.begin(), tensor.end());
}

/// Numbers that depend on every weight of a model, for comparing copies of it.
inline std::vector<float> outputs_of(const LanguageModel& model) {
    std::vector<float> all;
    const std::vector<int> ids{3, 1, 7, 20, 9, 4};
    const Sequence sequence{ids};
    append(all, model.forward({&sequence, 1})[0]);
    return all;
}

inline std::vector<float> outputs_of(const Encoder& model) {
    std::vector<float> all;
    const std::vector<int> ids{3, 1, 7, 20, 9, 4};
    Record record = Record::all();
    const TokenInput input{ids, {}, {}, &record};
    append(all, model.forward({&input, 1})[0]);
    for (const char* head : {"mlm_logits", "pooler_output", "nsp_logits", "logits"}) {
        if (record.cache().count(head) != 0) append(all, record.cache().find(head)->second.values);
    }
    return all;
}

inline std::vector<float> outputs_of(const EncoderDecoder& model) {
    const std::vector<int> ids{3, 1, 7, 20, 9, 4};
    const TokenInput input{ids};
    return outputs_of(*model.after(model.encode({&input, 1})[0]));
}

inline std::vector<float> outputs_of(const Clip& model) {
    std::vector<float> all;
    const std::vector<int> ids{3, 1, 7, 20, 9, 4};
    const TokenInput text{ids};
    const auto& n = model.weights();
    Tensor3 pixels = uninitialized<3>({n.channels, n.side, n.side});
    for (std::size_t i = 0; i < pixels.size(); ++i) pixels.data()[i] = float(i % 17) / 8 - 1;
    const PictureInput picture{pixels};
    const Tensor2 texts = model.embed_texts({&text, 1});
    const Tensor2 pictures = model.embed_pictures({&picture, 1});
    append(all, texts);
    append(all, pictures);
    append(all, model.logits(pictures, texts));
    return all;
}

inline std::vector<float> outputs_of(const Model& model) {
    return std::visit([](const auto& kind) { return outputs_of(*kind); }, model);
}

inline double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
    if (a.size() != b.size()) return INFINITY;
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double difference = std::abs(double(a[i]) - double(b[i]));
        largest = std::isnan(difference) ? INFINITY : std::max(largest, difference);
    }
    return largest;
}

}  // namespace vitrine::test
