#include "viz/views/similarity.h"

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "golden.h"
#include "io/json.h"
#include "model_of_words.h"
#include "viz/app/engine.h"
#include "viz/view_stage.h"
#include "viz/views/similarity_parts.h"

using namespace vitrine;
using namespace vitrine::viz;
using vitrine::test::fixture;

namespace {

bool holds(const std::string& all, const std::string& part) {
    return all.find(part) != std::string::npos;
}

std::shared_ptr<const Run> run_of(const std::filesystem::path& folder, const std::string& text) {
    Engine engine(load_with_tokenizer(folder));
    engine.request(text);
    engine.wait();
    REQUIRE(engine.error() == "");
    return engine.run();
}

double dot(const Tensor1& a, const Tensor1& b) {
    double sum = 0.0;
    for (std::size_t c = 0; c < a.size(); ++c) sum += double(a(c)) * double(b(c));
    return sum;
}

double cosine(const Tensor1& a, const Tensor1& b) {
    return dot(a, b) / std::sqrt(dot(a, a) * dot(b, b));
}

}  // namespace

TEST_CASE("similarity: lines of a text, the empty ones left out") {
    CHECK(lines_of("one\n\n  \ntwo\r\nthree", 9) ==
          std::vector<std::string>{"one", "two\r", "three"});
    CHECK(lines_of("one\ntwo\nthree", 2) == std::vector<std::string>{"one", "two"});
    CHECK(lines_of("", 9).empty());
}

TEST_CASE("similarity: of each row the other that is most like it") {
    const Likeness likeness = likeness_of(Tensor2{{1, 0}, {0, 1}, {3, 1}, {-1, 0}});
    CHECK(likeness.closest == std::vector<Index>{2, 2, 0, 1});
    CHECK(likeness_of(Tensor2{{1, 2}}).closest == std::vector<Index>{-1});
}

// Bound: that of the vectors, tests/lib/tasks/tasks_test.cpp.
TEST_CASE("similarity view: lines in a sentence-transformers folder: its own cosines") {
    const std::string folder = fixture("models/sentence-bert");
    const nlohmann::json expected = read_json(folder + "/golden.json");
    std::string text;
    for (const auto& sentence : expected["sentences"])
        text += (text.empty() ? "" : "\n") + sentence.get<std::string>();
    ViewStage stage({1200.0F, 900.0F});
    stage.run = run_of(folder, text);
    stage.settle(draw_similarity);
    const SimilarityMemory& memory = stage.memory().of<SimilarityMemory>();
    REQUIRE(memory.likeness != nullptr);
    const std::size_t n = expected["sentences"].size();
    REQUIRE(memory.names.size() == n);
    CHECK(memory.columns[1] == "2");
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j)
            CHECK(std::abs(double(memory.likeness->cosines(i, j)) -
                           expected["cosine"][i][j].get<double>()) < 1e-5);
    }
    CHECK(memory.picture.image().width == int(n));
    const std::string shown = stage.text_of(draw_similarity);
    CHECK(holds(shown, "was trained to compare sentences"));
    CHECK(holds(shown, "the mean over the tokens"));
    // Row 0 is listed until another is pinned.
    CHECK(memory.listed == 0);
    CHECK(memory.ranked.front() == memory.likeness->closest[0]);
    const HeatmapState& map = memory.heatmap;
    stage.click(draw_similarity, {map.plot.x + 0.5F * map.cell, map.plot.y + 3.5F * map.cell});
    CHECK(memory.pinned == 3);
    CHECK(holds(stage.text_of(draw_similarity), "Cosine "));
    stage.move_away();
    stage.frames(draw_similarity, 2);
    CHECK(memory.listed == 3);
    stage.language = Language::korean;
    stage.settle(draw_similarity);
    CHECK(holds(stage.text_of(draw_similarity), "문장을 비교하도록 학습한 모델이에요"));
}

TEST_CASE("similarity view: lines in a model that writes on: means of its last layer") {
    const auto model = bundled_model();
    const std::vector<std::string> lines{"The king said", "The queen said to him", "Rain"};
    ViewStage stage;
    stage.run = run_text(model, lines[0] + "\n" + lines[1] + "\n" + lines[2]);
    stage.settle(draw_similarity);
    const SimilarityMemory& memory = stage.memory().of<SimilarityMemory>();
    REQUIRE(memory.likeness != nullptr);
    std::vector<Tensor1> means;
    for (const std::string& line : lines) {
        const auto run = run_text(model, line);
        const Tensor2 hidden = vitrine::test::kept<2>(run->activations, "ln_final");
        // The cosine of sums is that of means; position 0 is the start token.
        Tensor1 sum = zeros<1>({Index(hidden.shape()[1])});
        for (Index t = 1; t < run->positions(); ++t) sum += Ref2(hidden)[t].copy();
        means.push_back(sum);
    }
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = 0; j < 3; ++j)
            CHECK(double(memory.likeness->cosines(i, j)) ==
                  doctest::Approx(cosine(means[i], means[j])).epsilon(1e-4));
    }
    CHECK(holds(stage.text_of(draw_similarity), "was not trained to compare"));
}

TEST_CASE("similarity view: lines in T5: means of what its encoder makes of them") {
    const vitrine::test::ModelOfWords words("t5");
    const std::vector<std::string> lines{"w5 w17 w23", "w9 w3"};
    ViewStage stage;
    stage.run = run_of(words.path(), lines[0] + "\n" + lines[1]);
    stage.settle(draw_similarity);
    const SimilarityMemory& memory = stage.memory().of<SimilarityMemory>();
    REQUIRE(memory.likeness != nullptr);
    std::vector<Tensor1> sums;
    for (const std::string& line : lines) {
        const auto run = run_of(words.path(), line);
        const Tensor2 hidden = vitrine::test::kept<2>(run->activations, "encoder.ln_final");
        Tensor1 sum = zeros<1>({Index(hidden.shape()[1])});
        for (Index t = 0; t < run->positions(); ++t) sum += Ref2(hidden)[t].copy();
        sums.push_back(sum);
    }
    CHECK(double(memory.likeness->cosines(0, 1)) ==
          doctest::Approx(cosine(sums[0], sums[1])).epsilon(1e-4));
}

TEST_CASE("similarity view: lines in CLIP are captions, with the vectors that it compares") {
    const vitrine::test::ModelOfWords words("clip");
    ViewStage stage;
    stage.run = run_of(words.path(), "w0 w19 w6 w21 w1\nw0 w23 w20 w1");
    stage.settle(draw_similarity);
    const SimilarityMemory& memory = stage.memory().of<SimilarityMemory>();
    REQUIRE(memory.likeness != nullptr);
    const Tensor2& vectors = stage.run->caption_vectors;
    CHECK(double(memory.likeness->cosines(0, 1)) ==
          doctest::Approx(dot(Ref2(vectors)[0].copy(), Ref2(vectors)[1].copy())).epsilon(1e-5));
    CHECK(holds(stage.text_of(draw_similarity), "those of the captions"));
}

TEST_CASE("similarity view: one line compares its tokens") {
    ViewStage stage;
    stage.run = run_text(bundled_model(), "The king said");
    stage.settle(draw_similarity);
    const SimilarityMemory& memory = stage.memory().of<SimilarityMemory>();
    REQUIRE(memory.likeness != nullptr);
    CHECK_FALSE(memory.of_lines());
    CHECK(memory.names.size() == std::size_t(stage.run->positions()));
    const Tensor2 hidden = vitrine::test::kept<2>(stage.run->activations, "ln_final");
    const Tensor1 a = Ref2(hidden)[1].copy(), b = Ref2(hidden)[3].copy();
    CHECK(double(memory.likeness->cosines(1, 3)) == doctest::Approx(cosine(a, b)).epsilon(1e-5));
    CHECK(holds(stage.text_of(draw_similarity), "the tokens behind the last layer"));
    // Another text: the old answer does not stay.
    stage.run = run_text(bundled_model(), "The king said to his daughter");
    stage.settle(draw_similarity);
    CHECK(memory.names.size() == std::size_t(stage.run->positions()));
    CHECK(memory.likeness->closest.size() == memory.names.size());
}
