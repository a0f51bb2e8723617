// The gradient of every parameter of whole models against central differences in float64. With
// h = 1e-5 the error is about h^2 times the third derivative and 1e-16 / h, so 1e-6 of the largest
// gradient of a tensor leaves room; 1e-3 stands for the largest where all are nothing, as for the
// biases of keys.
#include <doctest/doctest.h>

#include <cmath>

#include "kernels/matmul.h"
#include "tensor/random.h"
#include "train/bert_trainer.h"
#include "train/t5_trainer.h"

using namespace vitrine;
using namespace vitrine::train;

static_assert(sizeof(Real) == 8);

namespace {

/// Numbers as of a trained model: nothing is 0, no gain is 1.
void scatter(Parameters& parameters) {
    Random random(5);
    for (Real& value : parameters.values()) value = 0.4 * random.normal();
    for (std::size_t i = 0; i < parameters.list().size(); ++i) {
        const Parameter& each = parameters.list()[i];
        if (each.name.find("orm.weight") == std::string::npos) continue;
        for (Index n = 0; n < each.size; ++n) parameters.value(i)[n] += 1;
    }
}

void check_every_gradient(Trainer& trainer, const Batch& batch, const Dropout& dropout) {
    Parameters& parameters = trainer.parameters();
    scatter(parameters);
    const int threads = thread_count();
    parameters.zero_grads();
    trainer.gradients(batch, 0.5, dropout);  // half of the loss
    const std::vector<Real> grads(parameters.grads().begin(), parameters.grads().end());
    CHECK(trainer.first_not_finite().empty());
    constexpr Real h = 1e-5;
    set_threads(1);  // thousands of passes, each too small to share
    for (const Parameter& parameter : parameters.list()) {
        CAPTURE(parameter.name);
        Real largest = 1e-3, worst = 0;
        for (Index i = parameter.begin; i < parameter.begin + parameter.size; ++i) {
            const auto at = static_cast<std::size_t>(i);
            const Real kept = parameters.values()[at];
            const auto loss_at = [&](Real value) {
                parameters.values()[at] = value;
                return trainer.gradients(batch, 0.5, dropout).mean() / 2;
            };
            const Real difference = (loss_at(kept + h) - loss_at(kept - h)) / (2 * h);
            parameters.values()[at] = kept;
            worst = std::max(worst, std::abs(difference - grads[at]));
            largest = std::max(largest, std::abs(grads[at]));
        }
        CHECK(worst / largest < 1e-6);
    }
    set_threads(threads);
}

/// Two rows of five and one of three; a pair that follows, one that does not, one not asked for.
Batch pairs() {
    Batch batch;
    batch.T = 5;
    batch.ids = {1, 7, 3, 9, 2, 1, 10, 7, 4, 2, 1, 8, 2, 0, 0};
    batch.targets = {-1, 5, -1, 9, -1, -1, 10, -1, -1, -1, -1, 6, -1, -1, -1};
    batch.types = {0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0};
    batch.mask = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0};
    batch.follows = {0, 1, -1};
    return batch;
}

}  // namespace

TEST_CASE("central differences: every parameter of BERT, masked words and next sentence") {
    BertSizes sizes{11, 6, 8, 2, 2, 12};
    for (const Activate activation : {Activate::gelu_exact, Activate::gelu_tanh}) {
        sizes.activation = activation;
        for (const Dropout dropout : {Dropout{}, Dropout{0.2, 9}}) {
            BertTrainer trainer(sizes);
            check_every_gradient(trainer, pairs(), dropout);
        }
    }
}

TEST_CASE("central differences: BERT with masked words alone, and with next sentence alone") {
    BertTrainer trainer({11, 6, 8, 1, 2, 12});
    Batch words = pairs();
    words.follows.clear();
    check_every_gradient(trainer, words, {});
    Batch order = pairs();
    order.targets.assign(order.ids.size(), -1);
    check_every_gradient(trainer, order, {});
}

TEST_CASE("central differences: every parameter of T5, plain and gated, tied and untied") {
    Batch batch;
    batch.T = 4;
    batch.ids = {0, 7, 3, 9, 0, 10, 7, 4, 0, 8, 2, 1};
    batch.targets = {7, 3, 9, 1, 10, 7, -1, -1, -1, 2, 1, -1};
    batch.S = 6;
    batch.source = {5, 7, 3, 9, 2, 1, 4, 4, 8, 1, 0, 0, 2, 6, 10, 1, 3, 3};
    batch.source_mask = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1};
    for (const bool gated : {false, true}) {
        for (const Dropout dropout : {Dropout{}, Dropout{0.2, 9}}) {
            CAPTURE(gated);
            CAPTURE(dropout.rate);
            // Four buckets up to a distance of 4: some hold several distances.
            T5Sizes sizes{11, 8, 2, 2, 2, 3, 10, 4, 4};
            sizes.gated = gated;
            sizes.activation = gated ? Activate::gelu_tanh : Activate::relu;
            sizes.tied = sizes.scaled = !gated;
            T5Trainer trainer(sizes);
            check_every_gradient(trainer, batch, dropout);
        }
    }
}
