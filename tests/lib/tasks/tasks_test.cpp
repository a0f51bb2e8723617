// The tasks give what transformers' models gave for the same ids. The fixtures' vocabularies are
// cut down, so each gets a tokenizer whose words are called by their ids: "w17".
#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "golden.h"
#include "io/json.h"
#include "model_of_words.h"
#include "pipeline.h"
#include "tensor/error.h"

using namespace vitrine;
using namespace vitrine::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

/// In double, of a row.
std::vector<double> shares_of(const Tensor2& logits, std::size_t row) {
    std::vector<double> shares;
    double sum = 0;
    for (std::size_t i = 0; i < logits.shape()[1]; ++i) {
        shares.push_back(std::exp(double(logits(row, i))));
        sum += shares.back();
    }
    for (double& each : shares) each /= sum;
    return shares;
}

}  // namespace

TEST_CASE("classify: the labels of config.json, the likeliest first, as the golden logits say") {
    const ModelOfWords folder("bert-classifier");
    const LoadedModel model = folder.open();
    const Tensor2 logits = golden<2>(folder.golden_file(), "logits");
    const std::vector<TaskText> texts{folder.pair(0), folder.pair(1)};
    const auto result = classify(model, texts);
    const std::vector<std::string> names{"entailment", "neutral", "contradiction"};
    REQUIRE(result.size() == 2);
    for (std::size_t b = 0; b < 2; ++b) {
        const std::vector<double> shares = shares_of(logits, b);
        REQUIRE(result[b].size() == 3);
        for (std::size_t rank = 0; rank < 3; ++rank) {
            const Labelled& each = result[b][rank];
            const auto y = static_cast<std::size_t>(
                std::find(names.begin(), names.end(), each.label) - names.begin());
            REQUIRE(y < 3);
            CHECK(std::abs(each.probability - shares[y]) < 1e-5);
            if (rank > 0) CHECK(each.probability <= result[b][rank - 1].probability);
        }
    }
}

TEST_CASE("classify: when a text may have several labels each is a yes or no of its own") {
    const ModelOfWords folder("bert-classifier", -1,
                              {{"problem_type", "multi_label_classification"}});
    const Tensor2 logits = golden<2>(folder.golden_file(), "logits");
    const std::vector<TaskText> texts{folder.pair(0)};
    const auto result = classify(folder.open(), texts);
    for (const Labelled& each : result[0]) {
        if (each.label == "neutral")
            CHECK(each.probability == doctest::Approx(1 / (1 + std::exp(-double(logits(0, 1))))));
    }
}

TEST_CASE("next_sentence: the share of BERT's first logit") {
    const ModelOfWords folder("bert");
    const Tensor2 logits = golden<2>(folder.golden_file(), "nsp_logits");
    const std::vector<TaskText> pairs{folder.pair(0), folder.pair(1)};
    const std::vector<double> result = next_sentence(folder.open(), pairs);
    for (std::size_t b = 0; b < 2; ++b) CHECK(std::abs(result[b] - shares_of(logits, b)[0]) < 1e-5);
    const std::vector<TaskText> alone{{"w5", {}}};
    CHECK_THROWS_WITH_AS(next_sentence(folder.open(), alone), doctest::Contains("two texts"),
                         ArgumentError);
}

TEST_CASE("fill_mask: the likeliest tokens of each hidden word, with the golden's probabilities") {
    const ModelOfWords folder("bert", 23);  // id 23 is called [MASK]: position 5 of row 0
    const LoadedModel model = folder.open();
    CHECK(mask_token(model) == "[MASK]");
    const Tensor3 all = golden<3>(folder.golden_file(), "mlm_logits");  // [B, T, V]
    const TaskText pair = folder.pair(0);
    // The golden's row is a pair: the same ids with the same types.
    const Encoding text = model.tokenizer.encode_pair(pair.text, *pair.pair);
    REQUIRE(text.ids[5] == 23);
    // A single text has other types than the pair, so it is compared with the model's own logits.
    const auto& encoder = *std::get<std::unique_ptr<Encoder>>(model.model);
    const std::vector<std::string> texts{pair.text};
    const Encoding single = model.tokenizer.encode(pair.text);
    const TokenInput input{single.ids};
    const Tensor2 logits = encoder.word_logits(encoder.forward({&input, 1})[0]);
    const TokenInput both{text.ids, text.type_ids};
    const Tensor2 logits_of_pair = encoder.word_logits(encoder.forward({&both, 1})[0]);
    for (std::size_t v = 0; v < 28; ++v)
        CHECK(std::abs(double(logits_of_pair(5, v) - all(0, 5, v))) < 1e-4);

    const auto result = fill_mask(model, texts, 3);
    REQUIRE(result.size() == 1);
    REQUIRE(result[0].size() == 1);
    REQUIRE(result[0][0].size() == 3);
    const std::vector<double> shares = shares_of(logits, 5);
    double above = 2;
    for (const Filled& each : result[0][0]) {
        CHECK(std::abs(each.probability - shares[static_cast<std::size_t>(each.id)]) < 1e-6);
        CHECK(each.probability <= above);
        above = each.probability;
        if (each.id != 23) {
            CHECK(each.token == "w" + std::to_string(each.id));
            CHECK(each.text.find(each.token) != std::string::npos);
        }
    }
    CHECK(std::count_if(shares.begin(), shares.end(),
                        [&](double share) { return share > above + 1e-9; }) == 2);

    const std::vector<std::string> two{"w5 [MASK] w6 [MASK]"}, none{"w5 w6"};
    CHECK(fill_mask(model, two, 1)[0].size() == 2);
    CHECK_THROWS_WITH_AS(fill_mask(model, none, 1), doctest::Contains("[MASK]"), ArgumentError);
}

TEST_CASE("translate: greedy ids of transformers") {
    const ModelOfWords folder("t5");
    const LoadedModel model = folder.open();
    const json expected = read_json(fixture("models/t5/generate.json"));
    const auto prompt = expected["prompt"].get<std::vector<std::int64_t>>();
    const auto ids = expected["greedy"].get<std::vector<int>>();
    GenerateOptions options = likeliest();
    options.max_new_tokens = static_cast<Index>(ids.size()) - 1;  // the start is given
    options.ignore_eos = true;
    const std::vector<std::string> texts{folder.words(prompt)};
    const auto result = translate(model, texts, options);
    REQUIRE(result.size() == 1);
    CHECK(result[0].ids == ids);
}

TEST_CASE("caption_match: a softmax over the captions of the towers' cosines") {
    const ModelOfWords folder("clip");
    const LoadedModel model = folder.open();
    const auto& clip = *std::get<std::unique_ptr<Clip>>(model.model);
    const std::vector<Image> pictures{read_image(fixture("models/clip/image.png"))};
    const std::vector<std::string> captions{"w0 w19 w6 w21 w1", "w0 w23 w20 w1", "w0 w17 w1"};
    const Tensor2 shares = caption_match(model, pictures, captions);
    REQUIRE(shares.shape()[0] == 1);
    REQUIRE(shares.shape()[1] == 3);
    const Tensor3 pixels = (*model.pictures)(pictures[0]);
    const PictureInput picture{pixels};
    std::vector<Encoding> texts;
    for (const std::string& each : captions) texts.push_back(model.tokenizer.encode(each));
    std::vector<TokenInput> inputs;
    for (const Encoding& each : texts) inputs.push_back({each.ids});
    const Tensor2 logits =
        clip.logits(clip.embed_pictures({&picture, 1}), clip.embed_texts(inputs));
    for (std::size_t c = 0; c < 3; ++c)
        CHECK(std::abs(double(shares(0, c)) - shares_of(logits, 0)[c]) < 1e-5);
}

TEST_CASE("embed and similarity: sentence-transformers' vectors and cosines") {
    const SentenceModel model = open_sentence_model(fixture("models/sentence-bert"));
    const json expected = read_json(fixture("models/sentence-bert/golden.json"));
    const auto texts = expected["sentences"].get<std::vector<std::string>>();
    const Tensor2 vectors = embed(model, texts), cosines = similarity(vectors, vectors);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        for (std::size_t c = 0; c < vectors.shape()[1]; ++c)
            CHECK(std::abs(double(vectors(i, c)) - expected["embeddings"][i][c].get<double>()) <
                  1e-5);
        for (std::size_t j = 0; j < texts.size(); ++j)
            CHECK(std::abs(double(cosines(i, j)) - expected["cosine"][i][j].get<double>()) < 1e-5);
    }
}

TEST_CASE("similarity: of any lengths, and of nothing") {
    const Tensor2 a{{3, 4}, {0, 0}}, b{{30, 40}, {-4, 3}, {-3, -4}};
    const Tensor2 cosines = similarity(a, b);
    CHECK(cosines(0, 0) == doctest::Approx(1));
    CHECK(cosines(0, 1) == doctest::Approx(0));
    CHECK(cosines(0, 2) == doctest::Approx(-1));
    CHECK(cosines(1, 0) == 0);
    CHECK_THROWS_AS(similarity(a, Tensor2{{1, 2, 3}}), ShapeError);
}

TEST_CASE("tasks: more texts than a batch, too long ones, and models of another kind") {
    const ModelOfWords folder("bert-classifier");
    const LoadedModel model = folder.open();
    std::vector<TaskText> many;
    for (int i = 0; i < 70; ++i) many.push_back({"w" + std::to_string(5 + i % 20), {}});
    const auto results = classify(model, many);
    REQUIRE(results.size() == 70);
    for (std::size_t i = 0; i < 70; ++i) {
        const auto alone = classify(model, {&many[i], 1});
        CHECK(alone[0][0].label == results[i][0].label);
        CHECK(std::abs(alone[0][0].probability - results[i][0].probability) < 1e-6);
    }

    std::string text;
    const Index most = info_of(model.model).max_positions;
    for (Index i = 0; i <= most; ++i) text += "w7 ";
    const std::vector<TaskText> longer{{text, {}}};
    CHECK_THROWS_WITH_AS(classify(model, longer), doctest::Contains("--truncate"), ArgumentError);
    TaskOptions cut;
    cut.truncate = true;
    std::string fitting;
    for (Index i = 0; i < most; ++i) fitting += "w7 ";
    const std::vector<TaskText> shorter{{fitting, {}}};
    CHECK(classify(model, longer, cut)[0][0].probability ==
          classify(model, shorter)[0][0].probability);
    // Of a pair the longer text gives way.
    const std::vector<TaskText> pair{{text, "w5"}};
    const std::vector<TaskText> fitting_pair{{fitting.substr(3), "w5"}};
    CHECK(classify(model, pair, cut)[0][0].probability ==
          classify(model, fitting_pair)[0][0].probability);

    const std::vector<std::string> texts{"w5"};
    CHECK_THROWS_WITH_AS(translate(model, texts), doctest::Contains("encoder-decoder"),
                         ArgumentError);
    CHECK_THROWS_WITH_AS(caption_match(model, {}, texts), doctest::Contains("pictures"),
                         ArgumentError);
    CHECK_THROWS_AS(next_sentence(model, many), ArgumentError);
}
