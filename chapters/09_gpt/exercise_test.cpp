// The cases of chapter 09. Golden tensors: transformers (tests/fixtures/README.md); the others are
// worked out beside them.
#include "chapters/09_gpt/exercise_test.h"

#include <cmath>
#include <memory>

#include "chapters/runner/case_tools.h"
#include "models/decoder.h"
#include "nn/parts.h"

namespace vitrine::runner {

namespace {

using Forward = Tensor2(const Parts&, std::span<const int>, const DecoderWeights&, Record*);
using Step = Tensor1(const Parts&, int, const DecoderWeights&, State&);

/// A small GPT-2 of transformers' making, and what it computes.
struct Golden {
    std::shared_ptr<const LanguageModel> model;
    TensorFile file;

    const DecoderWeights& weights() const { return dynamic_cast<const Decoder&>(*model).weights(); }
    std::vector<int> ids(Index count) const {
        const auto all = file.at("input_ids").integers();
        return {all.begin(), all.begin() + count};
    }
    /// The logits of the first `count` positions: a causal model gives them to a shorter text too.
    Values logits(Index count) const {
        Values all(file.at("logits"));
        const auto V = static_cast<std::size_t>(all.shape[1]);
        all.shape[0] = count;
        all.values.resize(static_cast<std::size_t>(count) * V);
        return all;
    }
};

// Bounds of forward and step: as the library's own model holds.
Case forward_case(const char* id, const std::shared_ptr<const Golden>& golden, Index T) {
    const auto run = [=](const Functions& functions) {
        return Values(functions.get<Forward>("forward")(fast_parts(), golden->ids(T),
                                                        golden->weights(), nullptr));
    };
    return {"forward", id, run, golden->logits(T), 1e-4};
}

Case step_case(const char* id, const std::shared_ptr<const Golden>& golden, Index T) {
    const auto run = [=](const Functions& functions) {
        State state = golden->model->new_state();
        Values all;
        all.shape = {T, golden->model->info().vocabulary};
        for (const int token : golden->ids(T)) {
            const Tensor1 logits = functions.get<Step>("step_with_cache")(fast_parts(), token,
                                                                          golden->weights(), state);
            all.values.insert(all.values.end(), logits.begin(), logits.end());
        }
        if (all.values.size() != golden->logits(T).values.size())
            all.shape = {static_cast<Index>(all.values.size())};
        return all;
    };
    return {"step_with_cache", id, run, golden->logits(T), 1e-4};
}

Case probability_case(const char* id, const Tensor1& logits, float temperature, Values expected) {
    const auto run = [=](const Functions& functions) {
        return Values(functions.get<Tensor1(Ref1, float)>("probabilities")(logits, temperature));
    };
    return {"probabilities", id, run, std::move(expected), 1e-6};
}

/// top_k and top_p by what is left and how likely: their softmax.
Values softmax(const Tensor1& logits) {
    Values result(logits);
    double largest = -INFINITY, sum = 0;
    for (const double logit : result.values) largest = std::max(largest, logit);
    for (double& value : result.values) sum += value = std::exp(value - largest);
    for (double& value : result.values) value /= sum;
    return result;
}

template <class Number>
Case filter_case(const std::string& exercise, const char* id, const Tensor1& logits, Number keep,
                 Values expected) {
    const auto run = [=](const Functions& functions) {
        return softmax(functions.get<Tensor1(Ref1, Number)>(exercise)(logits, keep));
    };
    return {exercise, id, run, std::move(expected), 1e-6};
}

Case beam_case(const char* id, const Tensor1& scores, const Tensor2& logs, int count,
               Values expected) {
    const auto run = [=](const Functions& functions) {
        return Values(functions.get<Tensor2(Ref1, Ref2, int)>("beam_step")(scores, logs, count));
    };
    return {"beam_step", id, run, std::move(expected), 1e-5};
}

Tensor2 logarithm(const Tensor2& probabilities) {
    return xt::log(probabilities);
}

}  // namespace

std::vector<Case> gpt_cases(const std::filesystem::path& golden_folder) {
    const auto golden = std::make_shared<const Golden>(
        Golden{load_language_model(golden_folder / "gpt2"),
               TensorFile::open(golden_folder / "golden.safetensors")});
    const auto stored = [&](const char* name) { return Values(golden->file.at(name)); };
    const Tensor1 last = tensor_of<1>(golden->file.at("last_logits"));
    std::vector<Case> cases;
    cases.push_back(forward_case("one_token", golden, 1));
    cases.push_back(forward_case("whole_text", golden, 19));
    cases.push_back(step_case("first_step", golden, 1));
    cases.push_back(step_case("every_step", golden, 19));
    // exp(ln 2 / 0.5) = 4, exp(0) = 1: shares of 0.8 and 0.2.
    const Tensor1 two_to_one{std::log(2.0F), 0};
    cases.push_back(probability_case("half", two_to_one, 0.5F, Values({2}, {0.8, 0.2})));
    cases.push_back(probability_case("greedy", {1, 3, 2}, 0, Values({3}, {0, 1, 0})));
    // exp(200 / 0.25) is infinite, in double too. Of 800 and 796 only the difference matters.
    const double larger = 1 / (1 + std::exp(-4.0));
    cases.push_back(
        probability_case("large_logits", {200, 199}, 0.25F, Values({2}, {larger, 1 - larger})));
    cases.push_back(probability_case("warm", last, 1.7F, stored("temperature_1.7")));
    // Of 3 and 2 only the difference matters: 1 / (1 + exp(-1)).
    const double first = 1 / (1 + std::exp(-1.0));
    cases.push_back(filter_case("top_k", "two_of_four", {1, 3, 2, 0}, 2,
                                Values({4}, {0, first, 1 - first, 0})));
    cases.push_back(filter_case("top_k", "five_of_many", last, 5, stored("top_k_5")));
    // Logits far below -1e9: whoever rules out with that number makes the others the likeliest.
    const Tensor1 far_down{-3e9F, -2e9F, -4e9F, -5e9F};
    const Values second_alone({4}, {0, 1, 0, 0});
    cases.push_back(filter_case("top_k", "far_down", far_down, 1, second_alone));
    // 0.5 is not 0.7; with 0.25 it is 0.75: two stay, 2 to 1.
    const Tensor1 four = xt::log(Tensor1{0.5F, 0.1F, 0.25F, 0.15F});
    cases.push_back(
        filter_case("top_p", "crossing", four, 0.7F, Values({4}, {2.0 / 3, 0, 1.0 / 3, 0})));
    cases.push_back(filter_case("top_p", "one_is_enough", four, 0.3F, Values({4}, {1, 0, 0, 0})));
    cases.push_back(filter_case("top_p", "nine_tenths", last, 0.9F, stored("top_p_0.9")));
    cases.push_back(filter_case("top_p", "far_down_p", far_down, 0.5F, second_alone));
    const Tensor2 logs = logarithm(Tensor2{{0.5F, 0.3F, 0.2F}, {0.9F, 0.06F, 0.04F}});
    const double a = std::log(0.5), b = std::log(0.3), c = std::log(0.9);
    cases.push_back(beam_case("first_beams", {0}, logarithm({{0.2F, 0.5F, 0.3F}}), 2,
                              Values({2, 3}, {0, 1, a, 0, 2, b})));
    cases.push_back(beam_case("from_both", {-1, -2}, logs, 3,
                              Values({3, 3}, {0, 0, a - 1, 1, 0, c - 2, 0, 1, b - 1})));
    cases.push_back(
        beam_case("from_one", {-1, -5}, logs, 2, Values({2, 3}, {0, 0, a - 1, 0, 1, b - 1})));
    return cases;
}

}  // namespace vitrine::runner
