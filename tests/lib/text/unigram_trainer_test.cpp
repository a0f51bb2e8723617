// Training a unigram language model, held to sentencepiece's.
#include "text/unigram_trainer.h"

#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "golden.h"
#include "io/json.h"
#include "tensor/error.h"
#include "text/tokenizer.h"
#include "text/tokenizer_trainer.h"
#include "text/unigram_lattice.h"

using namespace vitrine;
using nlohmann::json;
using vitrine::test::fixture;

namespace {

using Strings = std::vector<std::string>;

const std::string folder = "training/unigram/";

Strings lines_of(const std::string& name) {
    std::ifstream file(fixture(folder + name));
    Strings lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    REQUIRE(!lines.empty());
    return lines;
}

Strings training_texts() {
    return read_json(fixture("tokenizers/bpe-byte-level/train.json")).get<Strings>();
}

/// The words that Unigram's normalizer and pre-tokenizer make of texts.
std::vector<WordCount> words_of(const Strings& texts) {
    const json root = read_json(fixture("tokenizers/t5-unigram/tokenizer.json"));
    WordCounter counter(read_normalizer(root, "t5"), read_pre_tokenizer(root, "t5"));
    for (const std::string& text : texts) counter.add(text);
    return counter.finish();
}

/// The mean log likelihood of a word.
double likelihood(const std::vector<ScoredPiece>& pieces, const std::vector<WordCount>& words) {
    const UnigramPieces model(pieces);
    LatticeMemory memory;
    double sum = 0;
    double count = 0;
    for (const WordCount& word : words) {
        sum += static_cast<double>(word.count) * log_likelihood(model, word.word, memory);
        count += static_cast<double>(word.count);
    }
    return sum / count;
}

}  // namespace

TEST_CASE("unigram lattice: the likelihood is the sum over all ways, the best path the greatest") {
    // p(a) = .5, p(b) = .3, p(ab) = .2: "ab" is .5 * .3 + .2 = .35, "aab" .5 * .35.
    const UnigramPieces pieces(std::vector<ScoredPiece>{
        {"a", std::log(0.5)}, {"b", std::log(0.3)}, {"ab", std::log(0.2)}});
    LatticeMemory memory;
    std::vector<double> expected(3);
    CHECK(std::exp(log_likelihood(pieces, "ab", memory, 7, &expected)) == doctest::Approx(0.35));
    CHECK(expected[0] == doctest::Approx(7 * 0.15 / 0.35));
    CHECK(expected[1] == doctest::Approx(7 * 0.15 / 0.35));
    CHECK(expected[2] == doctest::Approx(7 * 0.2 / 0.35));
    CHECK(std::exp(log_likelihood(pieces, "aab", memory)) == doctest::Approx(0.5 * 0.35));
    CHECK(std::exp(best_path(pieces, "aab", memory)) == doctest::Approx(0.5 * 0.2));
    CHECK(memory.path == std::vector<int>{0, 2});
    CHECK(std::exp(best_path(pieces, "ab", memory, true)) == doctest::Approx(0.15));
    CHECK(memory.path == std::vector<int>{0, 1});
    // An unknown character costs 10 more than the least likely piece.
    CHECK(best_path(pieces, "aé", memory) == doctest::Approx(std::log(0.5) + std::log(0.2) - 10));
    CHECK(memory.path == std::vector<int>{0, -1});
    CHECK(std::isinf(best_path(pieces, "a", memory, true)));
}

TEST_CASE("unigram seed: parts that different characters follow, with the text they cover") {
    using Found = std::vector<std::pair<std::string, double>>;
    const auto seeds = [](const std::vector<WordCount>& words, Index most) {
        Found found;
        for (const ScoredPiece& seed : seed_pieces(words, most, 16))
            found.emplace_back(seed.text, seed.score);
        return found;
    };
    // ab comes 4 times, before c and at an end; xab always ends, b follows a always.
    const std::vector<WordCount> words = {{"abcab", 1}, {"xab", 2}};
    CHECK(seeds(words, 100) == Found{{"a", 4}, {"b", 4}, {"c", 1}, {"x", 2}, {"ab", 8}});
    CHECK(seeds(words, 0).size() == 4);
    // Of two scripts, or letters and punctuation: x) and a한; but ▁ goes with any.
    const Found mixed =
        seeds({{"x)y", 1}, {"x)z", 1}, {"a한x", 1}, {"a한y", 1}, {"▁한x", 1}, {"▁한y", 2}}, 100);
    REQUIRE(mixed.size() == 8);
    CHECK(mixed.back() == std::pair<std::string, double>{"▁한", 6});
}

TEST_CASE("training Unigram: held-out text is as likely as with sentencepiece's pieces") {
    // spm_train 0.1.97 --model_type=unigram --vocab_size=1000 on the same texts, a line each; its
    // three special tokens have score 0. The texts that are compared on were in neither training.
    std::vector<ScoredPiece> reference;
    for (const std::string& line : lines_of("sentencepiece.vocab")) {
        const std::size_t tab = line.find('\t');
        if (line[0] != '<')
            reference.push_back({line.substr(0, tab), std::stod(line.substr(tab + 1))});
    }
    REQUIRE(reference.size() == 997);
    UnigramTrainerOptions options;
    options.pieces = 997;
    const std::vector<ScoredPiece> ours = train_unigram(words_of(training_texts()), options);
    CHECK(ours.size() == 997);
    const std::vector<WordCount> held_out = words_of(lines_of("held_out.txt"));
    const double theirs = likelihood(reference, held_out);
    CHECK(theirs < -10);
    CHECK(likelihood(ours, held_out) == doctest::Approx(theirs).epsilon(0.01));
}

TEST_CASE("training Unigram: the tokenizer loads, and encodes as it was trained") {
    TokenizerTrainerOptions options;
    options.model = "unigram";
    options.vocabulary = 1000;
    options.coverage = 1;
    TokenizerTrainer trainer(options);
    for (const std::string& text : training_texts()) trainer.add(text);
    const TrainedTokenizer trained = trainer.train();
    const Tokenizer tokenizer = Tokenizer::parse(trained.tokenizer_json, "trained");
    CHECK(tokenizer.vocabulary() == 1000);
    Index tokens = 0;
    for (const std::string& text : training_texts()) {
        const std::vector<int> ids = tokenizer.encode(text).ids;
        CHECK(ids.back() == tokenizer.id("</s>"));
        tokens += static_cast<Index>(ids.size()) - 1;
        CHECK(std::find(ids.begin(), ids.end(), 2) == ids.end());  // <unk>
    }
    CHECK(tokens == trained.tokens);
    CHECK(tokenizer.decode(tokenizer.encode("Once upon a time.").ids) == "Once upon a time.");
}

TEST_CASE("training Unigram: rare characters are left to the unknown token") {
    UnigramTrainerOptions options;
    options.pieces = 4;
    options.coverage = 0.9;
    // x is 1 of 21 characters.
    std::vector<std::string> texts;
    for (const ScoredPiece& piece : train_unigram({{"abab", 5}, {"x", 1}}, options))
        texts.push_back(piece.text);
    CHECK(std::find(texts.begin(), texts.end(), "x") == texts.end());
    CHECK(std::find(texts.begin(), texts.end(), "a") != texts.end());
    options.pieces = 1;
    CHECK_THROWS_AS(train_unigram({{"abab", 5}}, options), ArgumentError);
}

TEST_CASE("training Unigram: one endless word") {
    std::string word;
    unsigned state = 1;
    for (int i = 0; i < 200'000; ++i) {
        state = state * 1664525U + 1013904223U;
        word += static_cast<char>('a' + (state >> 24U) % 20);
    }
    UnigramTrainerOptions options;
    options.pieces = 500;
    const std::vector<ScoredPiece> pieces = train_unigram({{word, 1}}, options);
    CHECK(pieces.size() == 500);
}
