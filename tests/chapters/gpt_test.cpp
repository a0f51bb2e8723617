#include "chapters/09_gpt/gpt.h"

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "chapters/runner/chapters_parts.h"
#include "generate/sampling.h"
#include "parts/gpt_cases.h"

using namespace vitrine;

namespace {

std::vector<Real> as_list(const Tensor1& x) {
    return {x.begin(), x.end()};
}

/// Beam search with nothing but chapter 09's functions, without an end token.
std::vector<int> search(const LanguageModel& model, std::vector<int> prompt, int beams,
                        std::size_t length) {
    const DecoderWeights& weights = dynamic_cast<const Decoder&>(model).weights();
    const Index V = model.info().vocabulary;
    std::vector<std::vector<int>> open{std::move(prompt)};
    Tensor1 scores = zeros<1>({1});
    while (open.front().size() < length) {
        const auto B = static_cast<Index>(open.size());
        Tensor2 logs = uninitialized<2>({B, V});
        for (Index b = 0; b < B; ++b) {
            const Tensor2 logits =
                chapters::forward(runner::chapters_parts(), open[std::size_t(b)], weights, nullptr);
            const Tensor1 last = xt::row(logits, -1);
            xt::row(logs, b) = xt::log(chapters::probabilities(last, 1));
        }
        const Tensor2 best = chapters::beam_step(scores, logs, beams);
        std::vector<std::vector<int>> next;
        for (int i = 0; i < beams; ++i) {
            next.push_back(open[static_cast<std::size_t>(best(i, 0))]);
            next.back().push_back(static_cast<int>(best(i, 1)));
        }
        open = std::move(next);
        scores = xt::col(best, 2);
    }
    return open.front();
}

}  // namespace

TEST_CASE("gpt: the clear one holds the list, and writes what transformers writes") {
    test::gpt_cases(runner::chapters_parts());
    test::gpt_writes(runner::chapters_parts());
}

TEST_CASE("gpt: the clear samplers are the library's") {
    const TensorFile file = TensorFile::open(test::fixture("models/gpt2/sampling.safetensors"));
    const Tensor2 all = test::golden<2>(file, "logits");
    const Tensor1 logits = xt::row(all, 1);
    for (const int k : {1, 7, 640}) {
        std::vector<Real> fast = as_list(logits);
        apply_top_k(fast, k);
        CHECK(as_list(chapters::top_k(logits, k)) == fast);
    }
    for (const float p : {0.05F, 0.6F, 0.99F}) {
        std::vector<Real> fast = as_list(logits);
        apply_top_p(fast, p);
        CHECK(as_list(chapters::top_p(logits, p)) == fast);
    }
}

TEST_CASE("gpt: beams made with the clear functions are transformers'") {
    const auto model = load_language_model(test::fixture("models/gpt2"));
    const auto golden = read_json(test::fixture("models/gpt2/generate.json"), 1U << 20U);
    for (const int beams : {2, 4}) {
        const auto expected = golden["beam" + std::to_string(beams)].get<std::vector<int>>();
        CHECK(search(*model, golden["prompt"].get<std::vector<int>>(), beams, expected.size()) ==
              expected);
    }
}
