// Learning merge rules, held to the rules that the tokenizers library learns.
#include "text/bpe_trainer.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "io/json.h"
#include "tensor/error.h"
#include "text/tokenizer.h"
#include "text/tokenizer_trainer.h"

using namespace vitrine;
using nlohmann::json;

namespace {

using Strings = std::vector<std::string>;

const std::filesystem::path fixtures = std::filesystem::path(VITRINE_FIXTURES) / "tokenizers";

BpeTrainerOptions characters(Index vocabulary, std::int64_t min_count = 1) {
    BpeTrainerOptions options;
    options.vocabulary = vocabulary;
    options.min_count = min_count;
    options.byte_level = false;
    return options;
}

/// The rules as "left right".
Strings spelled(const TrainedBpe& trained) {
    Strings rules;
    for (const Merge& merge : trained.merges) {
        rules.push_back(trained.tokens[static_cast<std::size_t>(merge.left)] + " " +
                        trained.tokens[static_cast<std::size_t>(merge.right)]);
        CHECK(merge.result < static_cast<int>(trained.tokens.size()));
    }
    return rules;
}

}  // namespace

TEST_CASE("training BPE: the words of the tokenizers library's own test") {
    // models/bpe/trainer.rs, test_train: the expected vocabulary and merges are written there.
    const std::vector<WordCount> words = {{"roses", 1}, {"are", 2},  {"red", 1},  {"voilets", 1},
                                          {"blue", 1},  {"BERT", 1}, {"is", 2},   {"big", 1},
                                          {"and", 1},   {"so", 1},   {"GPT-2", 1}};
    const TrainedBpe trained = train_bpe(words, characters(30000, 2));
    CHECK(trained.tokens == Strings{"-", "2", "B", "E", "G",  "P",   "R", "T", "a",
                                    "b", "d", "e", "g", "i",  "l",   "n", "o", "r",
                                    "s", "t", "u", "v", "re", "are", "is"});
    CHECK(spelled(trained) == Strings{"r e", "a re", "i s"});
}

TEST_CASE("training BPE: the same rules in the same order as the tokenizers library") {
    TokenizerTrainerOptions options;
    options.vocabulary = 640;
    TokenizerTrainer trainer(options);
    for (const json& text : read_json(fixtures / "bpe-byte-level/train.json"))
        trainer.add(text.get<std::string>());
    const json trained = json::parse(trainer.train().tokenizer_json);
    CHECK(trained == read_json(fixtures / "bpe-byte-level/tokenizer.json"));
}

TEST_CASE("training BPE: of overlapping pairs the first in the word is joined") {
    // "aaaaa" becomes aa aa a; of the two pairs seen once, (aa, a) has the smaller ids.
    const TrainedBpe trained = train_bpe({{"aaaaa", 1}}, characters(100));
    CHECK(spelled(trained) == Strings{"a a", "aa a", "aa aaa"});
}

TEST_CASE("training BPE: a pair seen less often than asked is left") {
    const std::vector<WordCount> words = {{"ab", 3}, {"cd", 2}};
    CHECK(spelled(train_bpe(words, characters(100, 3))) == Strings{"a b"});
    CHECK(spelled(train_bpe(words, characters(100, 4))).empty());
}

TEST_CASE("training BPE: only so many characters as asked, the most frequent") {
    BpeTrainerOptions options = characters(100);
    options.alphabet_limit = 2;
    const TrainedBpe trained = train_bpe({{"axb", 2}, {"b", 1}, {"x", 2}}, options);
    // x comes 4 times, b 3 times, a twice: a is no token and "axb" is x, b.
    CHECK(trained.tokens == Strings{"b", "x", "xb"});
}

TEST_CASE("training BPE: a vocabulary without room for the alphabet is refused") {
    BpeTrainerOptions options;
    options.vocabulary = 256;
    options.first = {"<|endoftext|>"};
    CHECK_THROWS_WITH_AS(train_bpe({{"a", 1}}, options), doctest::Contains("at least 257"),
                         ArgumentError);
}

TEST_CASE("training BPE: one endless word") {
    // Twice as long takes about twice as long: here it only has to end.
    std::string word;
    unsigned state = 1;
    for (int i = 0; i < 2'000'000; ++i) {
        state = state * 1664525U + 1013904223U;
        word += static_cast<char>('a' + (state >> 24U) % 26);
    }
    TokenizerTrainerOptions options;
    options.vocabulary = 2000;
    TokenizerTrainer trainer(options);
    trainer.add(word);
    const Tokenizer tokenizer = Tokenizer::parse(trainer.train().tokenizer_json, "trained");
    CHECK(tokenizer.vocabulary() == 2000);
    const std::string start = word.substr(0, 1000);
    CHECK(tokenizer.decode(tokenizer.encode(start).ids) == start);
}
