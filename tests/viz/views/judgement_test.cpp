#include "viz/views/judgement.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "golden.h"
#include "model_of_words.h"
#include "viz/app/engine.h"
#include "viz/app/text_pair.h"
#include "viz/view_stage.h"
#include "viz/views/next_token.h"

using namespace vitrine;
using namespace vitrine::viz;
using nlohmann::json;
using vitrine::test::golden;
using vitrine::test::ModelOfWords;

namespace {

bool holds(const std::string& all, const std::string& part) {
    return all.find(part) != std::string::npos;
}

std::shared_ptr<const Run> run_of(const ModelOfWords& words, const std::string& text) {
    Engine engine(load_with_tokenizer(words.path()));
    engine.request(text);
    engine.wait();
    REQUIRE(engine.error() == "");
    return engine.run();
}

std::string two_lines(const TaskText& pair) {
    return pair.text + "\n" + *pair.pair;
}

double share(const Tensor2& logits, std::size_t row, std::size_t y) {
    double sum = 0.0;
    for (std::size_t i = 0; i < logits.shape()[1]; ++i) sum += std::exp(double(logits(row, i)));
    return std::exp(double(logits(row, y))) / sum;
}

}  // namespace

// Bound: probabilities of float32 logits that are within 1e-4 of the golden.
TEST_CASE("judgement: two lines are a pair, its classes those of transformers") {
    const ModelOfWords words("bert-classifier");
    const auto run = run_of(words, two_lines(words.pair(0)));
    const Tensor2 logits = golden<2>(words.golden_file(), "logits");
    const std::vector<std::string> labels{"entailment", "neutral", "contradiction"};
    const std::vector<Judged> classes = classes_of(*run, has_several_labels(words.path()));
    REQUIRE(classes.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        const auto y = std::find(labels.begin(), labels.end(), classes[i].label);
        REQUIRE(y != labels.end());
        CHECK(std::abs(classes[i].probability - share(logits, 0, std::size_t(y - labels.begin()))) <
              1e-4);
        if (i > 0) CHECK(classes[i - 1].probability >= classes[i].probability);
    }
    CHECK_FALSE(follows(*run).has_value());
    ViewStage stage;
    stage.run = run;
    stage.settle(draw_next);
    const std::string text = stage.text_of(draw_next);
    CHECK(holds(text, "What kind of text"));
    CHECK(holds(text, "your two lines"));
    CHECK_FALSE(holds(text, "No prediction"));
    stage.language = Language::korean;
    CHECK(holds(stage.text_of(draw_next), "어떤 글인지"));
}

TEST_CASE("judgement: where a text may have several labels, each is a yes or no of its own") {
    const ModelOfWords words("bert-classifier", -1,
                             json{{"problem_type", "multi_label_classification"}});
    const auto run = run_of(words, two_lines(words.pair(0)));
    const Tensor2 logits = golden<2>(words.golden_file(), "logits");
    CHECK(has_several_labels(words.path()));
    for (const Judged& each : classes_of(*run, true)) {
        if (each.label == "neutral")
            CHECK(std::abs(each.probability - 1 / (1 + std::exp(-double(logits(0, 1))))) < 1e-4);
    }
}

TEST_CASE("judgement: BERT says whether the second line follows, with one line what to write") {
    const ModelOfWords words("bert");
    const Tensor2 logits = golden<2>(words.golden_file(), "nsp_logits");
    ViewStage stage;
    for (std::size_t b = 0; b < 2; ++b) {
        stage.run = run_of(words, two_lines(words.pair(b)));
        const auto probability = follows(*stage.run);
        REQUIRE(probability.has_value());
        CHECK(std::abs(*probability - share(logits, b, 0)) < 1e-4);
        CHECK(classes_of(*stage.run, false).empty());
    }
    CHECK(holds(stage.text_of(draw_next), "Does the second line follow"));
    stage.run = run_of(words, "w5 w9");
    CHECK_FALSE(follows(*stage.run).has_value());
    CHECK(holds(stage.text_of(draw_next), "Write two lines above"));
}

TEST_CASE("judgement: tokens of a second line know their place in the text") {
    const ModelOfWords words("bert");
    const auto run = run_of(words, "w5 w17\nw9 w3");
    REQUIRE(run->encoding.ids == std::vector<int>{5, 17, 9, 3});
    CHECK(run->encoding.type_ids == std::vector<int>{0, 0, 1, 1});
    CHECK(run->encoding.offsets[1] == std::array<Index, 2>{3, 6});
    CHECK(run->encoding.offsets[2] == std::array<Index, 2>{7, 9});
    CHECK(run->encoding.offsets[3] == std::array<Index, 2>{10, 12});
    CHECK(pair_of(*run->model, "w5\nw6").has_value());
    CHECK_FALSE(pair_of(*run->model, "w5\n ").has_value());
    CHECK_FALSE(pair_of(*run->model, "w5\nw6\nw7").has_value());
    CHECK_FALSE(pair_of(*bundled_model(), "w5\nw6").has_value());
}
