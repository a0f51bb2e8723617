#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "cli/run_program.h"
#include "model_of_words.h"

using namespace vitrine;
using namespace vitrine::test;
using nlohmann::json;

TEST_CASE("classify: labels as text, as JSON, and of a batch") {
    const ModelOfWords folder("bert-classifier");
    const std::string model = folder.path().string();
    const TaskText pair = folder.pair(0);
    const auto expected = classify(folder.open(), {&pair, 1})[0];
    const Finished text = run_vitrine({"classify", pair.text, *pair.pair, "--model", model});
    CHECK(text.status == 0);
    CHECK(text.error == "");
    CHECK(text.out.find(expected[0].label) < text.out.find(expected[1].label));
    CHECK(text.out.find(" %") != std::string::npos);

    const Finished one =
        run_vitrine({"classify", pair.text, *pair.pair, "--model", model, "--json"});
    const json result = json::parse(one.out);
    CHECK(result["labels"][0]["label"] == expected[0].label);
    CHECK(result["labels"][0]["probability"].get<double>() ==
          doctest::Approx(expected[0].probability));

    const ScratchFolder folder_of_batch;
    const std::string batch =
        folder_of_batch.write("batch.json", json{"w5 w6", json{pair.text, *pair.pair}}.dump());
    const json many =
        json::parse(run_vitrine({"classify", "--batch", batch, "--model", model, "--json"}).out);
    REQUIRE(many.size() == 2);
    CHECK(many[1]["labels"] == result["labels"]);
}

TEST_CASE("fill-mask, next-sentence, similarity, embed, translate, caption-match print JSON") {
    const ModelOfWords bert("bert", 23), t5("t5"), clip("clip");
    const std::string sentences = fixture("models/sentence-bert");
    const auto run = [](const std::vector<std::string>& words) {
        const Finished finished = run_vitrine(words);
        CAPTURE(finished.error);
        CHECK(finished.status == 0);
        return json::parse(finished.out);
    };
    const json filled = run(
        {"fill-mask", "w5 [MASK] w6", "--model", bert.path().string(), "--count", "2", "--json"});
    REQUIRE(filled["masks"].size() == 1);
    CHECK(filled["masks"][0].size() == 2);
    const json next = run({"next-sentence", "w5", "w6", "--model", bert.path().string(), "--json"});
    CHECK(next["probability"].get<double>() > 0);
    CHECK(next["probability"].get<double>() < 1);
    const json vector = run({"embed", "a king", "--model", sentences, "--json"});
    CHECK(vector["vector"].size() == 48);
    const json alike = run({"similarity", "a king", "a king", "--model", sentences, "--json"});
    CHECK(alike["cosines"][0][1].get<double>() == doctest::Approx(1));
    const json made = run({"translate", "w19 w45", "--model", t5.path().string(),
                           "--max-new-tokens", "3", "--ignore-eos", "--json"});
    CHECK(made["ids"].size() == 4);
    const json matched =
        run({"caption-match", fixture("models/clip/image.png"), "--caption", "w0 w19 w1",
             "--caption", "w0 w23 w1", "--model", clip.path().string(), "--json"});
    CHECK(matched[0]["captions"][0]["probability"].get<double>() +
              matched[0]["captions"][1]["probability"].get<double>() ==
          doctest::Approx(1));
}

TEST_CASE("tasks: what is missing or of the wrong kind is named") {
    const ModelOfWords bert("bert-classifier");
    const std::string model = bert.path().string();
    const auto fails = [](int status, const std::vector<std::string>& words,
                          const std::string& names) {
        const Finished finished = run_vitrine(words);
        CAPTURE(words[0]);
        CAPTURE(finished.error);
        CHECK(finished.status == status);
        CHECK(finished.out == "");
        CHECK(finished.error.find(names) != std::string::npos);
        CHECK(std::count(finished.error.begin(), finished.error.end(), '\n') == 1);
    };
    fails(2, {"classify", "w5"}, "--model");
    fails(2, {"classify", "--model", model}, "--batch");
    fails(2, {"similarity", "w5", "--model", model}, "two texts");
    fails(1, {"translate", "w5", "--model", model}, "encoder-decoder");
    fails(1, {"next-sentence", "w5", "--model", model}, "two texts");
    fails(1, {"fill-mask", "w5", "--model", model}, "[MASK]");
    fails(1, {"classify", "w5\xff", "--model", model}, "UTF-8");
    fails(1, {"caption-match", "no.png", "--caption", "w5", "--model", model}, "no.png");
    const ScratchFolder folder;
    const std::string batch = folder.write("batch.json", R"(["w5", 3])");
    fails(1, {"classify", "--batch", batch, "--model", model}, "item 1");
}
