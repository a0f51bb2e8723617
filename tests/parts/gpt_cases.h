// The test list of a whole GPT: the fast and the clear implementation both run it.
#pragma once

#include <nlohmann/json.hpp>

#include "golden.h"
#include "io/json.h"
#include "models/decoder.h"

namespace vitrine::test {

/// Bounds: 1e-4 for what 3 blocks of float32 sums come to, against torch's.
inline void gpt_cases(const Parts& parts) {
    const auto model = load_language_model(fixture("models/gpt2"));
    const DecoderWeights& weights = dynamic_cast<const Decoder&>(*model).weights();
    const TensorFile file = TensorFile::open(fixture("models/gpt2/golden.safetensors"));
    const auto ids = file.at("input_ids").integers();
    const std::vector<float> logits = file.at("logits").floats();
    const Index T = file.at("input_ids").shape[1], V = model->info().vocabulary;
    for (Index b = 0; b < 2; ++b) {
        const std::vector<int> text(ids.begin() + b * T, ids.begin() + (b + 1) * T);
        Record record = Record::all();
        const Tensor2 whole = parts.forward(parts, text, weights, &record);
        CHECK(record.cache().count("blocks.2.attn.pattern") == 1);
        CHECK(record.cache().count("ln_final") == 1);
        State state = model->new_state();
        Tensor2 steps = uninitialized<2>({T, V});
        for (Index t = 0; t < T; ++t) {
            xt::row(steps, t) = parts.step_with_cache(parts, text[std::size_t(t)], weights, state);
        }
        CHECK(state.length == T);
        Tensor2 expected = uninitialized<2>({T, V});
        std::copy_n(logits.begin() + b * T * V, T * V, expected.begin());
        CHECK(largest_difference(whole, expected) < 1e-4);
        CHECK(largest_difference(steps, expected) < 1e-4);
    }
}

/// Inside of the model: transformers' own greedy ids, with the cache.
inline void gpt_writes(const Parts& parts) {
    const auto model = load_language_model(fixture("models/gpt2"));
    const auto golden = read_json(fixture("models/gpt2/generate.json"), 1U << 20U);
    std::vector<int> ids = golden["prompt"].get<std::vector<int>>();
    State state = model->new_state();
    for (std::size_t seen = 0; ids.size() < golden["greedy"].size();) {
        const Sequence next{std::span(ids).subspan(seen), &state};
        seen = ids.size();
        const Tensor2 logits = model->forward({&next, 1}, Logits::last, parts).front();
        ids.push_back(int(std::max_element(logits.begin(), logits.end()) - logits.begin()));
    }
    CHECK(ids == golden["greedy"].get<std::vector<int>>());
}

}  // namespace vitrine::test
