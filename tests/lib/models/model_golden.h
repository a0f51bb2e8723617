// A language model against what transformers computed for it.
#pragma once

#include "golden.h"
#include "models/language_model.h"

namespace vitrine::test {

inline std::vector<int> row_of(const TensorFile& file, Index row) {
    const StoredTensor& stored = file.at("input_ids");
    const Index T = stored.shape[1];
    const auto all = stored.integers();
    return {all.begin() + row * T, all.begin() + (row + 1) * T};
}

/// Slice `row` of a [B, ...] golden.
template <std::size_t N>
Tensor<N - 1> golden_row(const TensorFile& file, const std::string& name, Index row) {
    return Ref<N>(golden<N>(file, name))[row].copy();
}

// Bounds: the goldens ran in float64; float32 needs 1e-4 on logits and hidden states of up to 10
// and 2e-5 on attention weights (tests/fixtures/README.md).
inline void check_against_golden(const std::filesystem::path& model_folder,
                                 const std::string& golden_path) {
    const auto model = load_language_model(model_folder);
    const TensorFile file = TensorFile::open(golden_path);
    const Index B = file.at("input_ids").shape[0];
    for (Index b = 0; b < B; ++b) {
        const std::vector<int> ids = row_of(file, b);
        Record record = Record::all();
        const Sequence sequence{ids, nullptr, &record};
        const auto logits = model->forward({&sequence, 1});
        CHECK(largest_difference(logits[0], golden_row<3>(file, "logits", b)) < 1e-4);
        const Index L = model->info().layers;
        for (Index l = 0; l < L; ++l) {
            const std::string block = "blocks." + std::to_string(l) + ".";
            const std::string i = std::to_string(l);
            INFO("layer ", l);
            CHECK(largest_difference(kept<2>(record.cache(), block + "resid_pre"),
                                     golden_row<3>(file, "hidden_states." + i, b)) < 1e-4);
            CHECK(largest_difference(kept<3>(record.cache(), block + "attn.pattern"),
                                     golden_row<4>(file, "attentions." + i, b)) < 2e-5);
        }
        CHECK(largest_difference(kept<2>(record.cache(), "ln_final"),
                                 golden_row<3>(file, "hidden_states." + std::to_string(L), b)) <
              1e-4);
        const Sequence plain{ids};  // the path without a record, which never makes a pattern
        CHECK(largest_difference(model->forward({&plain, 1})[0], golden_row<3>(file, "logits", b)) <
              1e-4);
    }
}

}  // namespace vitrine::test
