#include "models/evaluate.h"

#include <doctest/doctest.h>

#include <cmath>

#include "golden.h"
#include "io/assets.h"
#include "tensor/error.h"

using namespace vitrine;

TEST_CASE("evaluate: the loss of tokens is minus the logarithm of their probabilities") {
    // transformers' logits in float64 (tests/fixtures/README.md).
    const auto file = TensorFile::open(test::fixture("models/gpt2/golden.safetensors"));
    const auto model = load_language_model(test::fixture("models/gpt2"));
    const StoredTensor& wide = file.at("input_ids");
    const Index T = wide.shape[1], V = model->info().vocabulary;
    const auto all = wide.integers();
    const std::vector<int> ids(all.begin(), all.begin() + T);
    const std::vector<float> logits = file.at("logits").floats();
    double expected = 0;
    for (Index t = 0; t + 1 < T; ++t) {
        double sum = 0;
        for (Index i = 0; i < V; ++i)
            sum += std::exp(double(logits[static_cast<std::size_t>(t * V + i)]));
        const auto next = static_cast<Index>(ids[static_cast<std::size_t>(t) + 1]);
        expected += std::log(sum) - double(logits[static_cast<std::size_t>(t * V + next)]);
    }
    const TokenLoss loss = loss_of(*model, ids);
    CHECK(loss.count == T - 1);
    CHECK(loss.sum == doctest::Approx(expected).epsilon(1e-5));
    // In windows, each begins anew with the token that the last one ended with.
    const TokenLoss windows = loss_of(*model, ids, 3);
    CHECK(windows.count == T - 1);
    const double first = loss_of(*model, std::span(ids).first(4)).sum;
    const double second = loss_of(*model, std::span(ids).subspan(3, 4)).sum;
    CHECK(loss_of(*model, std::span(ids).first(7), 3).sum ==
          doctest::Approx(first + second).epsilon(1e-5));
}

TEST_CASE("evaluate: the bundled model copies, by the heads its card names") {
    const auto model = load_language_model(bundled_model_folder());
    const Copying got = measure_copying(*model, 40, 4, model->info().bos_id);
    CHECK(got.first.count == 4 * 39);
    CHECK(got.first.mean() > 8);
    CHECK(got.second.mean() < 0.5);
    CHECK(got.induction.weight > 0.6);
    CHECK_THROWS_AS(measure_copying(*model, 200, 1, 0), ArgumentError);
}
