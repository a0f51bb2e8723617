// Counting words on all cores.
#include "text/word_counts.h"

#include <doctest/doctest.h>

#include <map>

#include "tensor/error.h"

using namespace vitrine;

namespace {

std::map<std::string, std::int64_t> counted(const std::vector<std::string>& documents) {
    WordCounter counter({}, {ByteLevelPreTokenizer{false, true}});
    for (const std::string& document : documents) counter.add(document);
    std::map<std::string, std::int64_t> words;
    for (const WordCount& word : counter.finish()) words[word.word] = word.count;
    return words;
}

}  // namespace

TEST_CASE("word counts: words of all documents, in the order of their bytes") {
    WordCounter counter({}, {ByteLevelPreTokenizer{false, true}});
    counter.add("the cat the");
    counter.add("");
    counter.add("the dog");
    CHECK(counter.bytes() == 18);
    const std::vector<WordCount> words = counter.finish();
    REQUIRE(words.size() == 4);
    CHECK((words[0].word == " cat" && words[0].count == 1));
    CHECK((words[1].word == " dog" && words[1].count == 1));
    CHECK((words[2].word == " the" && words[2].count == 1));
    CHECK((words[3].word == "the" && words[3].count == 2));
}

TEST_CASE("word counts: a long document that is cut for the cores has the words of its lines") {
    // A line of five words, three of which are white space that belongs together or to a word.
    const std::string line = "one  two\n\n three";
    std::string text;
    const std::int64_t lines = 40'000;  // 640 KB: several stretches
    for (std::int64_t i = 0; i < lines; ++i) text += line;
    const auto words = counted({text});
    CHECK(words == std::map<std::string, std::int64_t>{{"one", 1},
                                                       {" threeone", lines - 1},
                                                       {" ", lines},
                                                       {" two", lines},
                                                       {"\n\n", lines},
                                                       {" three", 1}});
}

TEST_CASE("word counts: stretches end before white space that follows something else") {
    CHECK(stretch_end("ab cd ef", 0, 4) == 5);
    CHECK(stretch_end("ab   ef", 0, 3) == 7);      // inside the white space is no cut
    CHECK(stretch_end("ab\u00a0 ef", 0, 3) == 7);  // after other white space neither
    CHECK(stretch_end("abcdefgh", 0, 2) == 8);
    CHECK(stretch_end("ab cd", 3, 10) == 5);
}

TEST_CASE("word counts: bytes that are not UTF-8 are refused with their place") {
    WordCounter counter({}, {ByteLevelPreTokenizer{}});
    CHECK_THROWS_WITH_AS(counter.add("abc\xff"), doctest::Contains("byte offset 3"), TextError);
}
