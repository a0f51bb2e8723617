// The trainer's BERT is the one that models/ loads: the same logits in both directions. Its
// gradients are checked in float64 (tests/gradients).
#include "train/bert_trainer.h"

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
#include "train/sentence_pairs.h"

using namespace vitrine;
using namespace vitrine::train;
using namespace vitrine::test;

namespace {

const BertSizes fixture_sizes{28, 48, 48, 2, 4, 96};

std::vector<int> ints(const TensorFile& file, const std::string& name) {
    const auto wide = file.at(name).integers();
    return {wide.begin(), wide.end()};
}

/// Steps with the trainer's own gradients; the loss of the last.
double train_steps(Trainer& trainer, const std::function<Batch(std::uint64_t)>& batch, int steps) {
    const Schedule schedule{4e-3, 50, steps, 0.1};
    AdamWState state;
    Parameters& parameters = trainer.parameters();
    double loss = 0;
    for (int step = 0; step < steps; ++step) {
        parameters.zero_grads();
        loss = trainer.gradients(batch(static_cast<std::uint64_t>(step))).mean();
        clip_by_norm(parameters.grads(), 1.0);
        adamw_step(parameters.values(), parameters.grads(), state, schedule.at(step), {},
                   parameters.decays());
    }
    return loss;
}

// [PAD] [CLS] [SEP] [MASK] and 12 words.
constexpr int padding = 0, cls = 1, sep = 2, mask = 3, words = 12;

/// Each document counts up from a word of its own, two sentences of four words: a hidden word can
/// be told from any that stands, and the second sentence goes on counting if it follows.
Batch counting(std::uint64_t seed) {
    std::vector<Sentences> documents(words, Sentences(2));
    for (std::size_t d = 0; d < words; ++d) {
        for (std::size_t i = 0; i < 8; ++i)
            documents[d][i / 4].push_back(4 + static_cast<int>((d + i) % words));
    }
    Random random(seed + 1);
    std::vector<SentencePair> pairs;
    for (int row = 0; row < 32; ++row) {
        const auto document = static_cast<std::size_t>(random.below(words));
        pairs.push_back(sentence_pair(documents, document, 0, {cls, sep, 11}, random.bits()));
    }
    return masked_batch(pairs, {mask, 4 + words, {padding, cls, sep, mask}}, padding, seed);
}

}  // namespace

// Bound: that of the fixture (tests/fixtures/README.md).
TEST_CASE("bert trainer: the logits of a padded batch are transformers' and those of models/") {
    const std::string folder = fixture("models/bert");
    BertTrainer trainer(fixture_sizes);
    trainer.parameters().read(TensorFile::open(folder));
    const TensorFile file = TensorFile::open(folder + "/golden.safetensors");
    Batch batch;
    batch.ids = ints(file, "input_ids");
    batch.types = ints(file, "token_type_ids");
    batch.mask = ints(file, "attention_mask");
    batch.T = 16;
    batch.targets.assign(batch.ids.size(), 0);  // every position is asked
    const BertTrainer::Logits logits = trainer.logits(batch);
    const Tensor3 expected = golden<3>(file, "mlm_logits");
    REQUIRE(logits.words.size() == expected.size());
    CHECK(largest_difference(std::vector<float>(logits.words.begin(), logits.words.end()),
                             std::vector<float>(expected.begin(), expected.end())) < 1e-4);
    CHECK(largest_difference(logits.next_sentence, golden<2>(file, "nsp_logits")) < 1e-4);

    const Model model = load_model(folder);
    const Encoder& encoder = *std::get<std::unique_ptr<Encoder>>(model);
    for (std::size_t row = 0; row < 2; ++row) {
        const auto part = [&](const std::vector<int>& of) {
            return std::span(of).subspan(row * 16, 16);
        };
        const TokenInput input{part(batch.ids), part(batch.types), part(batch.mask)};
        const Tensor2 hidden = encoder.forward({&input, 1})[0];
        const auto begin = static_cast<Index>(row) * 16;
        CHECK(largest_difference(rows(Ref2(logits.words), begin, begin + 16).copy(),
                                 encoder.word_logits(hidden)) < 1e-4);
        CHECK(largest_difference(Ref2(logits.next_sentence)[static_cast<Index>(row)].copy(),
                                 encoder.next_sentence_logits(hidden)) < 1e-4);
    }
}

TEST_CASE("bert trainer: the loss is the mean over the words that are asked plus that over pairs") {
    const std::string folder = fixture("models/bert");
    BertTrainer trainer(fixture_sizes);
    trainer.parameters().read(TensorFile::open(folder));
    const TensorFile file = TensorFile::open(folder + "/golden.safetensors");
    Batch batch;
    batch.ids = ints(file, "input_ids");
    batch.types = ints(file, "token_type_ids");
    batch.mask = ints(file, "attention_mask");
    batch.T = 16;
    batch.targets.assign(batch.ids.size(), -1);
    batch.targets[3] = 9;
    batch.targets[21] = 4;
    batch.follows = {1, 0};
    // From transformers' logits: -log softmax(row)[target].
    const auto surprise = [](const float* row, Index count, int target) {
        double sum = 0;
        for (Index i = 0; i < count; ++i) sum += std::exp(double(row[i]));
        return std::log(sum) - double(row[target]);
    };
    const std::vector<float> words_of = file.at("mlm_logits").floats();
    const std::vector<float> pairs_of = file.at("nsp_logits").floats();
    const double words_expected =
        (surprise(&words_of[3 * 28], 28, 9) + surprise(&words_of[21 * 28], 28, 4)) / 2;
    const double pairs_expected =
        (surprise(pairs_of.data(), 2, 1) + surprise(&pairs_of[2], 2, 0)) / 2;
    const Loss loss = trainer.loss(batch);
    CHECK(loss.count == 2);
    CHECK(loss.mean() == doctest::Approx(words_expected + pairs_expected).epsilon(1e-5));
    CHECK(trainer.word_loss().mean() == doctest::Approx(words_expected).epsilon(1e-5));
    CHECK(trainer.next_sentence_loss().mean() == doctest::Approx(pairs_expected).epsilon(1e-5));
    CHECK(trainer.gradients(batch).mean() == loss.mean());
    trainer.loss(Batch{batch.ids, batch.targets, 16, {}, batch.types, batch.mask});
    CHECK(trainer.next_sentence_loss().count == 0);
}

// A random model knows nothing: log 16 for a word, log 2 for a pair.
TEST_CASE("bert trainer: learns the hidden words and which pairs follow, the same in each run") {
    const auto fresh = [] {
        auto trainer = std::make_unique<BertTrainer>(BertSizes{4 + words, 11, 48, 2, 4, 96});
        trainer->randomize(3);
        return trainer;
    };
    const auto trainer = fresh();
    trainer->loss(counting(1000));
    CHECK(trainer->word_loss().mean() == doctest::Approx(std::log(16.0)).epsilon(0.05));
    CHECK(trainer->next_sentence_loss().mean() == doctest::Approx(std::log(2.0)).epsilon(0.1));
    train_steps(*trainer, counting, 500);
    double words_left = 0, pairs_left = 0;
    for (std::uint64_t seed = 2000; seed < 2010; ++seed) {  // rows that it never saw
        trainer->loss(counting(seed));
        words_left += trainer->word_loss().mean() / 10;
        pairs_left += trainer->next_sentence_loss().mean() / 10;
    }
    CAPTURE(words_left);
    CAPTURE(pairs_left);
    CHECK(words_left < 0.3);
    CHECK(pairs_left < 0.5);

    const auto again = fresh(), third = fresh();
    CHECK(train_steps(*again, counting, 5) == train_steps(*third, counting, 5));
    CHECK(std::equal(again->parameters().values().begin(), again->parameters().values().end(),
                     third->parameters().values().begin()));
}

TEST_CASE("bert trainer: what it writes is a folder that loads, with the same logits") {
    BertTrainer trainer({4 + words, 11, 16, 2, 2, 24});
    trainer.randomize(3);
    train_steps(trainer, counting, 3);
    const ScratchFolder folder;
    folder.write("config.json", trainer.config().dump());
    trainer.parameters().write(folder / "model.safetensors");
    Batch batch = counting(9);
    batch.targets.assign(batch.ids.size(), 0);
    const BertTrainer::Logits logits = trainer.logits(batch);
    const Model model = load_model(folder.path());
    const Encoder& encoder = *std::get<std::unique_ptr<Encoder>>(model);
    for (Index row = 0; row < batch.rows(); ++row) {
        const auto begin = static_cast<std::size_t>(row) * 11;
        const TokenInput input{std::span(batch.ids).subspan(begin, 11),
                               std::span(batch.types).subspan(begin, 11)};
        const Tensor2 hidden = encoder.forward({&input, 1})[0];
        CHECK(largest_difference(encoder.word_logits(hidden),
                                 rows(Ref2(logits.words), row * 11, row * 11 + 11).copy()) < 1e-4);
        CHECK(largest_difference(encoder.next_sentence_logits(hidden),
                                 Ref2(logits.next_sentence)[row].copy()) < 1e-4);
    }
}

TEST_CASE("bert trainer: the log tells tables, blocks and heads apart") {
    std::vector<std::string> groups;
    const nlohmann::ordered_json norms = norms_of_groups(BertTrainer(fixture_sizes).parameters());
    for (const auto& group : norms.items()) groups.push_back(group.key());
    CHECK(groups == std::vector<std::string>{"embed", "blocks.0", "blocks.1", "head"});
}

TEST_CASE("bert trainer: padding changes nothing") {
    BertTrainer trainer(fixture_sizes);
    trainer.parameters().read(TensorFile::open(fixture("models/bert")));
    const std::vector<int> ids{2, 5, 6, 20, 3}, targets{-1, 7, -1, 8, -1};
    Batch longer{{2, 5, 6, 20, 3, 0, 9}, {-1, 7, -1, 8, -1, -1, -1}, 7, {}};
    longer.mask = {1, 1, 1, 1, 1, 0, 0};
    const double expected = trainer.gradients({ids, targets, 5, {}}).mean();
    const std::vector<Real> grads(trainer.parameters().grads().begin(),
                                  trainer.parameters().grads().end());
    trainer.parameters().zero_grads();
    CHECK(trainer.gradients(longer).mean() == doctest::Approx(expected).epsilon(1e-6));
    double largest = 0;
    for (std::size_t i = 0; i < grads.size(); ++i) {
        largest =
            std::max(largest, std::abs(double(grads[i]) - double(trainer.parameters().grads()[i])));
    }
    CHECK(largest < 1e-5);
}

TEST_CASE("bert trainer: batches that the model can't take are refused") {
    BertTrainer trainer({10, 4, 8, 1, 2, 16});
    const std::vector<int> ids{1, 2, 3, 4}, beyond{1, 2, 3, 10}, three{0, 0, 0};
    CHECK_THROWS_AS(trainer.loss({ids, ids, 5, {}}), ArgumentError);
    CHECK_THROWS_AS(trainer.loss({beyond, ids, 4, {}}), ArgumentError);
    CHECK_THROWS_AS(trainer.loss({ids, beyond, 4, {}}), ArgumentError);
    CHECK_THROWS_AS(trainer.loss({ids, three, 4, {}}), ArgumentError);
    CHECK_THROWS_AS(trainer.loss({ids, ids, 4, {}, three}), ArgumentError);
    CHECK_THROWS_AS(trainer.loss({ids, ids, 4, {}, {0, 0, 0, 2}}), ArgumentError);
    CHECK_THROWS_AS(trainer.loss({ids, ids, 4, {}, {}, three}), ArgumentError);
    CHECK_THROWS_AS(trainer.loss({ids, ids, 4, {}, {}, {}, three}), ArgumentError);
    CHECK_THROWS_AS(BertTrainer({10, 4, 9, 1, 2, 16}), ArgumentError);
    CHECK(trainer.activation_bytes(1, 4) > 0);
}
