#include "viz/views/token_labels.h"

#include <doctest/doctest.h>

#include "viz/view_stage.h"

using namespace vitrine;
using namespace vitrine::viz;

TEST_CASE("token labels: the pieces of a text lie in it without gaps") {
    const auto model = bundled_model();
    for (const std::string text :
         {"The king gave a ring.", "공주는 금반지를 받았어요 😀\n\n끝", " \t x"}) {
        const auto run = run_text(model, text);
        const TokenLabels labels = label_tokens(model->tokenizer.get(), run->encoding, text);
        std::string joined;
        for (std::size_t i = 1; i < labels.raw.size(); ++i) {
            CHECK(labels.bytes[i][0] == joined.size());
            joined += labels.raw[i];
            CHECK(labels.bytes[i][1] == joined.size());
        }
        CHECK(joined == text);
        CHECK(labels.special[0]);
        CHECK(labels.bytes[0][0] == labels.bytes[0][1]);  // the start token was not typed
    }
}

TEST_CASE("token labels: a syllable opens into letters, and the tokens that hold its bytes") {
    const std::string text = "한국 가";
    TokenLabels labels;  // 한 is split: two bytes in token 1, one with 국 in token 2
    labels.raw = {"<s>", "\xED\x95", "\x9C국", " 가"};
    labels.bytes = {{0, 0}, {0, 2}, {2, 6}, {6, 10}};
    const auto first = syllables_of(labels, text, 1);
    REQUIRE(first.size() == 1);
    CHECK(first[0].syllable == "한");
    CHECK(first[0].letters == std::vector<std::string>{"ㅎ", "ㅏ", "ㄴ"});
    CHECK(first[0].tokens == std::vector<Index>{1, 2});
    const auto second = syllables_of(labels, text, 2);
    REQUIRE(second.size() == 2);
    CHECK(second[0].syllable == "한");
    CHECK(second[1].syllable == "국");
    CHECK(second[1].tokens == std::vector<Index>{2});
    const auto third = syllables_of(labels, text, 3);
    REQUIRE(third.size() == 1);
    CHECK(third[0].letters == std::vector<std::string>{"ㄱ", "ㅏ"});
    CHECK(third[0].byte == 7);
    CHECK(syllables_of(labels, text, 0).empty());
}
