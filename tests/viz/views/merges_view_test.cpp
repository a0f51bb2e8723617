#include <doctest/doctest.h>

#include "viz/view_stage.h"
#include "viz/views/merges.h"
#include "viz/views/merges_parts.h"

using namespace vitrine;
using namespace vitrine::viz;

TEST_CASE("corpus training: counts and ties as worked out by hand") {
    // "abab": (a, b) stands twice, (b, a) once; joined, "ab ab" has one pair, once: the end.
    const CorpusTraining training("abab");
    REQUIRE(training.merges() == 1);
    CHECK(training.rules()[0] == chapters::Pair('a', 'b'));
    CHECK(training.after(0).best.front().count == 2);
    CHECK(training.after(1).ids == std::vector<int>{256, 256});
    CHECK(training.bytes(256) == "ab");
    // A syllable is three bytes and is not cut in two.
    std::string long_text;
    for (int i = 0; i < 401; ++i) long_text += "가";
    CHECK(CorpusTraining("x" + long_text).cut());
    CHECK(CorpusTraining("x" + long_text).after(0).ids.size() == 1 + 399 * 3);
    CHECK(CorpusTraining("").merges() == 0);
}

TEST_CASE("merges view: the text is the corpus; playing goes on merge by merge") {
    ViewStage stage;
    stage.run = run_text(bundled_model(), "the cat, the hat, the mat");
    stage.frames(draw_merges, 2);
    MergesMemory& memory = stage.memory().of<MergesMemory>();
    REQUIRE(memory.training.merges() > 3);
    CHECK(memory.merges_done == 3);
    CHECK(memory.labels.size() == memory.training.after(3).ids.size());
    memory.merges_done = 0;
    CHECK(stage.text_of(draw_merges).find("every byte is a token. 25 tokens") != std::string::npos);
    memory.playing = true;
    stage.frames(draw_merges, 31);  // 31 / 60 s: one merge of half a second
    CHECK(memory.merges_done == 1);
    // No second tokenizer here: its cost is not made up. The Korean sentence has more bytes.
    CHECK(memory.costs[0][1] == -1);
    CHECK(memory.costs[0][0] ==
          static_cast<Index>(
              stage.run->model->tokenizer->encode(cost_sentences()[0], false).ids.size()));
    CHECK(memory.costs[1][2] > memory.costs[0][2]);
}

TEST_CASE("merges view: a new text is trained anew; Korean has its own words") {
    ViewStage stage;
    const auto model = bundled_model();
    stage.run = run_text(model, "aaaa");
    stage.frame(draw_merges);
    stage.run = run_text(model, "b");
    stage.language = Language::korean;
    CHECK(stage.text_of(draw_merges).find("말뭉치") != std::string::npos);
    CHECK(stage.memory().of<MergesMemory>().training.merges() == 0);
}
