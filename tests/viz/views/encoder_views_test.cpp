// The app with a model that reads a text from both sides: what it shows, and what it does not
// offer.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "models/encoder.h"
#include "viz/app/engine.h"
#include "viz/views/attention_parts.h"
#include "viz/views/beams.h"
#include "viz/views/next_parts.h"
#include "viz/views/next_token.h"
#include "viz/views/residual.h"
#include "viz/views/timeline.h"

#include "golden.h"
#include "model_of_words.h"
#include "viz/view_stage.h"

using namespace vitrine;
using namespace vitrine::viz;
using nlohmann::json;
using vitrine::test::fixture;
using vitrine::test::largest_difference;
using vitrine::test::ModelOfWords;

namespace {

/// BERT of words in which w1 and w2 stand around a text and w7 is called [MASK].
class Bert {
   public:
    Bert() : words_("bert", 7) {
        json tokenizer = read_json(words_.path() / "tokenizer.json");
        for (const int id : {1, 2}) {
            tokenizer["added_tokens"].push_back({{"id", id},
                                                 {"content", "w" + std::to_string(id)},
                                                 {"special", true},
                                                 {"normalized", false}});
        }
        tokenizer["post_processor"] = {{"type", "BertProcessing"},
                                       {"cls", json::array({"w1", 1})},
                                       {"sep", json::array({"w2", 2})}};
        std::ofstream(words_.path() / "tokenizer.json") << tokenizer.dump();
        model = load_with_tokenizer(words_.path());
    }

    std::shared_ptr<const Run> run(const std::string& text) const {
        Engine engine(model);
        engine.request(text);
        engine.wait();
        REQUIRE(engine.error() == "");
        return engine.run();
    }

    std::shared_ptr<const viz::LoadedModel> model;

   private:
    ModelOfWords words_;
};

}  // namespace

TEST_CASE("encoder in the app: specials around the text, every token sees all, words for each") {
    const Bert bert;
    const auto run = bert.run("w5 [MASK] w9");
    CHECK(run->encoding.ids == std::vector<int>{1, 5, 7, 9, 2});
    CHECK(run->has_start);
    CHECK(run->encoding.offsets.back()[0] == 12);
    REQUIRE(run->stacks.size() == 1);
    const ChosenMap map = chosen_map(*run, run->stacks.front(), 0, 0);
    CHECK(map.T == 5);
    CHECK(map.weight(0, 4) > 0);
    CHECK_FALSE(map.sight.hides(0, 4));
    // The logits are those of the library's own pass.
    const TokenInput input{run->encoding.ids, run->encoding.type_ids};
    const Tensor2 hidden = bert.model->encoder()->forward({&input, 1}).front();
    const Tensor2 logits = bert.model->encoder()->word_logits(hidden);
    CHECK(run->logits.shape() == logits.shape());
    CHECK(largest_difference(run->logits, logits) == 0);
    CHECK(bert.run("")->positions() == 2);
}

TEST_CASE("encoder in the app: a text longer than its positions is cut between the specials") {
    const Bert bert;
    const auto most = bert.model->info().max_positions;
    std::string text;
    for (Index i = 0; i < 2 * most; ++i) text += "w5 ";
    const auto run = bert.run(text);
    CHECK(run->truncated);
    CHECK(run->positions() == most);
    CHECK(run->encoding.ids.back() == 2);
}

TEST_CASE("encoder in the app: the hole is filled where the mask stands") {
    const Bert bert;
    ViewStage stage;
    stage.run = bert.run("w5 [MASK] w9");
    CHECK(stage.text_of(draw_next).find("both sides") != std::string::npos);
    const NextMemory& memory = stage.memory().of<NextMemory>();
    CHECK(memory.position == 2);
    CHECK(memory.actual == 7);
    const auto row = rows(Ref2(stage.run->logits), 2, 3).copy();
    const auto likeliest = std::max_element(row.begin(), row.end()) - row.begin();
    CHECK(memory.distribution.likeliest.front().id == likeliest);
    stage.stage.position = 1;
    stage.frames(draw_next, 1);
    CHECK(memory.position == 1);
    CHECK(memory.actual == 5);
}

TEST_CASE("encoder in the app: views that write on say that this model does not") {
    const Bert bert;
    ViewStage stage;
    stage.run = bert.run("w5 w9");
    CHECK(stage.text_of(draw_timeline).find("reads whole texts") != std::string::npos);
    stage.language = Language::korean;
    CHECK(stage.text_of(draw_beams).find("한꺼번에 읽어요") != std::string::npos);
}

TEST_CASE("encoder in the app: the stream of a model that norms its sums is told so") {
    const Bert bert;
    ViewStage stage({1400.0F, 900.0F});
    stage.run = bert.run("w5 w9");
    stage.settle(draw_residual);
    CHECK(stage.text_of(draw_residual).find("norms every sum") != std::string::npos);
    stage.run = run_text(bundled_model(), "The king");
    stage.settle(draw_residual);
    CHECK(stage.text_of(draw_residual).find("and so it grows") != std::string::npos);
}
