// The trainer's T5 is the one that models/ loads: the same logits in both directions. Its gradients
// are checked in float64 (tests/gradients).
#include "train/t5_trainer.h"

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "golden.h"
#include "lib/models/family_golden.h"
#include "models/registry.h"
#include "scratch_folder.h"
#include "tensor/error.h"
#include "tensor/random.h"
#include "train/adamw.h"
#include "train/detail.h"
#include "train/span_corruption.h"

using namespace vitrine;
using namespace vitrine::train;
using namespace vitrine::test;

namespace {

T5Sizes sizes_of(const std::string& kind) {
    T5Sizes sizes{60, 32, 2, 2, 4, 8, 64, 8, 16};
    if (kind == "t5") return sizes;
    sizes.vocabulary = 62;
    sizes.activation = Activate::gelu_tanh;
    sizes.gated = true;
    sizes.scaled = false;
    return sizes;
}

std::vector<int> ints(const TensorFile& file, const std::string& name) {
    const auto wide = file.at(name).integers();
    return {wide.begin(), wide.end()};
}

Batch golden_batch(const TensorFile& file) {
    Batch batch;
    batch.source = ints(file, "input_ids");
    batch.source_mask = ints(file, "attention_mask");
    batch.S = 21;
    batch.ids = ints(file, "decoder_input_ids");
    batch.T = 9;
    batch.targets.assign(batch.ids.size(), -1);
    return batch;
}

/// Logits of row b by the model that models/ loads.
Tensor2 logits_of(const Model& model, const Batch& batch, Index b) {
    const auto& t5 = *std::get<std::unique_ptr<EncoderDecoder>>(model);
    const auto row = [b](const std::vector<int>& of, Index T) {
        return std::span(of).subspan(static_cast<std::size_t>(of.empty() ? 0 : b * T),
                                     static_cast<std::size_t>(of.empty() ? 0 : T));
    };
    const TokenInput input{row(batch.source, batch.S), {}, row(batch.source_mask, batch.S)};
    const auto decoder = t5.after(t5.encode({&input, 1})[0], input.mask);
    const Sequence sequence{row(batch.ids, batch.T)};
    return decoder->forward({&sequence, 1})[0];
}

// 60 tokens: </s> is 1, words from 2 on, sentinels from 59 down. Each text counts up from a random
// word, so that what is left out can be told from what stays.
constexpr int most = 40;
Batch counting(std::uint64_t seed) {
    Random random(seed + 1);
    std::vector<int> ids;
    for (int row = 0; row < 16; ++row) {
        const auto first = static_cast<int>(random.below(most));
        for (int t = 0; t < 14; ++t) ids.push_back(2 + (first + t) % most);
    }
    return span_batch(ids, 14, {59, 10, 1, 0, 0.3, 2.0}, seed);
}

double train_steps(Trainer& trainer, int steps, double rate) {
    AdamWState state;
    Parameters& parameters = trainer.parameters();
    double loss = 0;
    for (int step = 0; step < steps; ++step) {
        parameters.zero_grads();
        loss = trainer.gradients(counting(static_cast<std::uint64_t>(step))).mean();
        clip_by_norm(parameters.grads(), 1.0);
        adamw_step(parameters.values(), parameters.grads(), state, rate, {}, parameters.decays());
    }
    return loss;
}

}  // namespace

// Bounds: T5's scores are not scaled, so that the goldens need 6e-4 (tests/fixtures/README.md); two
// float32 computations of the same sums stay within 1e-4 of each other.
TEST_CASE("t5 trainer: the logits of a padded batch are transformers' and those of models/") {
    for (const std::string kind : {"t5", "t5-v1_1"}) {
        CAPTURE(kind);
        const std::string folder = fixture("models/" + kind);
        T5Trainer trainer(sizes_of(kind));
        trainer.parameters().read(TensorFile::open(folder));
        const TensorFile file = TensorFile::open(folder + "/golden.safetensors");
        const Batch batch = golden_batch(file);
        const Tensor2 logits = trainer.logits(batch);
        const Tensor3 expected = golden<3>(file, "logits");
        CHECK(largest_difference(std::vector<float>(logits.begin(), logits.end()),
                                 std::vector<float>(expected.begin(), expected.end())) < 6e-4);
        const Model model = load_model(folder);
        for (Index b = 0; b < 2; ++b) {
            CHECK(largest_difference(rows(Ref2(logits), b * 9, b * 9 + 9).copy(),
                                     logits_of(model, batch, b)) < 1e-4);
        }
    }
}

TEST_CASE("t5 trainer: the loss is that of transformers' logits, over the targets that count") {
    const std::string folder = fixture("models/t5");
    T5Trainer trainer(sizes_of("t5"));
    trainer.parameters().read(TensorFile::open(folder));
    const TensorFile file = TensorFile::open(folder + "/golden.safetensors");
    Batch batch = golden_batch(file);
    batch.targets[2] = 7;
    batch.targets[16] = 41;
    const std::vector<float> logits = file.at("logits").floats();
    double expected = 0;  // -log softmax(row)[target]
    for (const std::size_t n : {2U, 16U}) {
        const float* row = &logits[n * 60];
        double sum = 0;
        for (int i = 0; i < 60; ++i) sum += std::exp(double(row[i]));
        expected += (std::log(sum) - double(row[batch.targets[n]])) / 2;
    }
    CHECK(trainer.loss(batch).mean() == doctest::Approx(expected).epsilon(1e-4));
    CHECK(trainer.gradients(batch).mean() == trainer.loss(batch).mean());
}

TEST_CASE("t5 trainer: learns to fill in what was left out, the same in each run") {
    const auto fresh = [](bool gated) {
        T5Sizes sizes = sizes_of(gated ? "t5-v1_1" : "t5");
        sizes.tied = !gated;
        auto trainer = std::make_unique<T5Trainer>(sizes);
        trainer->randomize(3);
        return trainer;
    };
    for (const bool gated : {false, true}) {
        CAPTURE(gated);
        const auto trainer = fresh(gated);
        const double before = trainer->loss(counting(1000)).mean();
        CHECK(before > 3);  // log 60 = 4.1, and what random logits add
        train_steps(*trainer, 500, 5e-3);
        double after = 0;
        for (std::uint64_t seed = 2000; seed < 2010; ++seed)  // texts that it never saw
            after += trainer->loss(counting(seed)).mean() / 10;
        CAPTURE(before);
        CHECK(after < 0.8);
    }
    const auto again = fresh(false), third = fresh(false);
    CHECK(train_steps(*again, 5, 5e-3) == train_steps(*third, 5, 5e-3));
    CHECK(std::equal(again->parameters().values().begin(), again->parameters().values().end(),
                     third->parameters().values().begin()));
}

TEST_CASE("t5 trainer: what it writes is a folder that loads, with the same logits") {
    for (const bool tied : {false, true}) {
        for (const Activate activation : {Activate::relu, Activate::gelu_tanh, Activate::silu}) {
            T5Sizes sizes{60, 24, 1, 2, 3, 5, 20, 8, 16};
            sizes.tied = sizes.scaled = tied;
            sizes.activation = activation;
            sizes.gated = activation != Activate::relu;
            T5Trainer trainer(sizes);
            trainer.randomize(3);
            train_steps(trainer, 3, 1e-2);
            const ScratchFolder folder;
            folder.write("config.json", trainer.config().dump());
            trainer.parameters().write(folder / "model.safetensors");
            const Batch batch = counting(9);
            const Tensor2 logits = trainer.logits(batch);
            const Model model = load_model(folder.path());
            for (Index b = 0; b < batch.rows(); ++b) {
                CHECK(largest_difference(rows(Ref2(logits), b * batch.T, (b + 1) * batch.T).copy(),
                                         logits_of(model, batch, b)) < 1e-4);
            }
        }
    }
}

TEST_CASE("t5 trainer: the log tells the blocks of the two stacks apart") {
    T5Sizes sizes = sizes_of("t5");
    sizes.tied = false;
    std::vector<std::string> groups;
    const nlohmann::ordered_json norms = norms_of_groups(T5Trainer(sizes).parameters());
    for (const auto& group : norms.items()) groups.push_back(group.key());
    CHECK(groups == std::vector<std::string>{"embed", "encoder.blocks.0", "encoder.blocks.1",
                                             "encoder.ln_final", "decoder.blocks.0",
                                             "decoder.blocks.1", "ln_final", "head"});
}

TEST_CASE("t5 trainer: the first number that is not finite is found by its stack and block") {
    T5Trainer trainer(sizes_of("t5"));
    trainer.randomize(3);
    trainer.gradients(counting(1));
    CHECK(trainer.first_not_finite().empty());
    Parameters& parameters = trainer.parameters();
    for (std::size_t i = 0; i < parameters.list().size(); ++i) {
        if (parameters.list()[i].name == "decoder.block.1.layer.1.layer_norm.weight")
            std::fill_n(parameters.value(i), 32, Real(3e38));  // finite, but not what it scales
    }
    trainer.loss(counting(1));
    CHECK(trainer.first_not_finite() == "decoder.blocks.1.ln_cross");
}

TEST_CASE("t5 trainer: batches and sizes that can't be are refused") {
    T5Trainer trainer(sizes_of("t5"));
    const Batch good = counting(1);
    Batch batch = good;
    batch.source.clear();
    CHECK_THROWS_AS(trainer.loss(batch), ArgumentError);
    batch = good;
    batch.source.resize(static_cast<std::size_t>(good.S));
    CHECK_THROWS_AS(trainer.loss(batch), ArgumentError);
    batch = good;
    batch.source[0] = 60;
    CHECK_THROWS_AS(trainer.loss(batch), ArgumentError);
    batch = good;
    batch.source_mask = {1, 0};
    CHECK_THROWS_AS(trainer.loss(batch), ArgumentError);
    batch = good;
    batch.targets[0] = 60;
    CHECK_THROWS_AS(trainer.loss(batch), ArgumentError);
    T5Sizes sizes = sizes_of("t5");
    sizes.buckets = 2;
    CHECK_THROWS_AS(T5Trainer{sizes}, ArgumentError);
    sizes = sizes_of("t5");
    sizes.gated = true;
    sizes.activation = Activate::gelu_exact;
    CHECK_THROWS_AS(T5Trainer{sizes}, ArgumentError);
    CHECK(trainer.activation_bytes(1, 4) > 0);
}
