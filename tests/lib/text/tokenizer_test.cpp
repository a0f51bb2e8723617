#include "text/tokenizer.h"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "golden.h"
#include "io/assets.h"
#include "io/atomic_file.h"
#include "io/json.h"
#include "scratch_folder.h"
#include "tensor/error.h"
#include "tensor/random.h"
#include "text/utf8.h"

using namespace vitrine;
using nlohmann::json;
using vitrine::test::fixture;

namespace {

void check_golden(const Tokenizer& tokenizer, const std::string& name) {
    const json golden = read_json(fixture("tokenizers/" + name + "/golden.json"));
    REQUIRE(golden["rows"].size() == 60);
    for (const json& row : golden["rows"]) {
        const auto text = row["text"].get<std::string>();
        INFO(name, ": ", text);
        const Encoding encoding = tokenizer.encode(text);
        CHECK(json(encoding.ids) == row["ids"]);
        CHECK(json(encoding.tokens) == row["tokens"]);
        CHECK(json(encoding.offsets) == row["offsets"]);
        CHECK(json(encoding.type_ids) == row["type_ids"]);
        CHECK(json(tokenizer.encode(text, false).ids) == row["ids_plain"]);
        CHECK(tokenizer.decode(encoding.ids) == row["decoded"].get<std::string>());
        CHECK(tokenizer.decode(encoding.ids, true) ==
              row["decoded_keep_special"].get<std::string>());
    }
    for (const json& pair : golden["pairs"]) {
        const auto a = pair["a"].get<std::string>();
        INFO(name, ": ", a);
        const Encoding encoding = tokenizer.encode_pair(a, pair["b"].get<std::string>());
        CHECK(json(encoding.ids) == pair["ids"]);
        CHECK(json(encoding.tokens) == pair["tokens"]);
        CHECK(json(encoding.type_ids) == pair["type_ids"]);
    }
}

void check_golden(const std::string& name) {
    check_golden(Tokenizer::load(fixture("tokenizers/" + name)), name);
}

/// Any valid text: ASCII, Hangul, the rest of the plane, and all other planes.
std::string random_text(Random& random) {
    std::string text;
    for (std::uint64_t i = random.below(40); i > 0; --i) {
        const std::uint64_t kind = random.below(4);
        append_code_point(text,
                          static_cast<char32_t>(kind == 0   ? random.below(0x80)
                                                : kind == 1 ? 0xac00 + random.below(11172)
                                                : kind == 2 ? random.below(0xd800)
                                                            : 0xe000 + random.below(0x102000)));
    }
    return text;
}

}  // namespace

TEST_CASE("tokenizer: byte-level BPE from tokenizer.json equals tokenizers") {
    check_golden("bpe-byte-level");
}

TEST_CASE("tokenizer: GPT-2's vocab.json and merges.txt equal tokenizers") {
    check_golden("gpt2");
}

TEST_CASE("tokenizer: Llama's BPE from characters, with bytes to fall back on, equals tokenizers") {
    check_golden("llama-byte-fallback");
}

TEST_CASE("tokenizer: RoBERTa's tokens around byte-level BPE equal tokenizers") {
    check_golden("roberta-byte-level");
}

TEST_CASE("tokenizer: Llama 3's pattern, and whole words before merges, equal tokenizers") {
    check_golden("llama3-split");
}

TEST_CASE("tokenizer: CLIP's BPE with tokens that end words equals tokenizers") {
    check_golden("clip-bpe");
}

TEST_CASE("tokenizer: BERT's WordPiece of small letters without accents equals tokenizers") {
    check_golden("bert-wordpiece-uncased");
}

TEST_CASE("tokenizer: KLUE's WordPiece, with accents and large letters, equals tokenizers") {
    check_golden("klue-wordpiece");
}

TEST_CASE("tokenizer: BERT's vocab.txt without a tokenizer.json equals tokenizers") {
    for (const std::string name : {"bert-wordpiece-uncased", "klue-wordpiece"}) {
        const json vocabulary =
            read_json(fixture("tokenizers/" + name + "/tokenizer.json"))["model"]["vocab"];
        std::vector<std::string> lines(vocabulary.size());
        for (const auto& [token, id] : vocabulary.items()) lines[id.get<std::size_t>()] = token;
        std::string text;
        for (const std::string& line : lines) text += line + "\n";
        const test::ScratchFolder folder;
        folder.write("vocab.txt", text);
        if (name[0] == 'k') folder.write("tokenizer_config.json", R"({"do_lower_case": false})");
        check_golden(Tokenizer::load(folder.path()), name);
        folder.write("vocab.txt", "a\nb\n");
        CHECK_THROWS_WITH_AS(Tokenizer::load(folder.path()), doctest::Contains("[CLS]"), FileError);
    }
}

TEST_CASE("tokenizer: T5's Unigram equals tokenizers") {
    check_golden("t5-unigram");
}

TEST_CASE("tokenizer: of the second bundled model, text comes back and tokens know their bytes") {
    const Tokenizer tokenizer = Tokenizer::load(assets_folder() / "models" / "stories260k");
    const json expected = read_json(fixture("models/stories260k/generate.json"));
    const auto ids = expected["greedy"].get<std::vector<int>>();
    CHECK(tokenizer.decode(ids) == expected["text"].get<std::string>());
    CHECK(tokenizer.encode(expected["text"].get<std::string>()).ids == ids);
    CHECK(tokenizer.bytes(tokenizer.id("▁was").value()) == " was");
    CHECK(tokenizer.bytes(tokenizer.id("<0xE2>").value()) == "\xe2");
    CHECK(tokenizer.decode(tokenizer.encode("한글 é").ids) == "한글 é");
    CHECK(tokenizer.prefixes_space());
    CHECK_FALSE(Tokenizer::load(bundled_model_folder()).prefixes_space());
}

TEST_CASE("tokenizer: decoding gives back any text, and the offsets cover it") {
    const Tokenizer tokenizer = Tokenizer::load(bundled_model_folder());
    Random random(7);
    for (int round = 0; round < 500; ++round) {
        const std::string text = random_text(random);
        INFO(text);
        const Encoding encoding = tokenizer.encode(text);
        CHECK(tokenizer.decode(encoding.ids, true) == text);
        Index covered = 0;
        for (const auto& [begin, end] : encoding.offsets) {
            CHECK(begin < end);
            // A token starts where the last one ended, or in a character that it ended inside.
            CHECK((begin == covered || begin == covered - 1));
            covered = end;
        }
        CHECK(covered == count_characters(text));
    }
}

TEST_CASE("tokenizer: a text encoded after many others is encoded as if it were the first") {
    const std::string folder = fixture("tokenizers/bpe-byte-level");
    const Tokenizer used = Tokenizer::load(folder);
    Random random(11);
    std::vector<std::string> texts;
    for (int i = 0; i < 3000; ++i) texts.push_back(random_text(random) + " the 안녕");
    for (const std::string& text : texts) used.encode(text);
    const Tokenizer fresh = Tokenizer::load(folder);
    for (std::size_t i = 0; i < texts.size(); i += 100) {
        CHECK(used.encode(texts[i]).ids == fresh.encode(texts[i]).ids);
    }
}

TEST_CASE("tokenizer: encoding refuses invalid UTF-8 with the byte offset") {
    const Tokenizer tokenizer = Tokenizer::load(bundled_model_folder());
    CHECK_THROWS_WITH_AS(tokenizer.encode("한\xed\x95글"),
                         doctest::Contains("0xed at byte offset 3"), TextError);
    CHECK_THROWS_WITH_AS(tokenizer.encode("a\xff"), doctest::Contains("0xff at byte offset 1"),
                         TextError);
    CHECK_THROWS_AS(tokenizer.encode_pair("a", "\xc0\x80"), TextError);
    CHECK_THROWS_AS(tokenizer.merge_steps("\x80"), TextError);
    CHECK(tokenizer.encode("한").ids.size() > 0);  // and goes on working
}

TEST_CASE("tokenizer: decoding replaces broken characters by U+FFFD") {
    const Tokenizer tokenizer = Tokenizer::load(fixture("tokenizers/bpe-byte-level"));
    // The first byte of a Hangul syllable, alone, then a letter.
    const std::vector<int> ids{*tokenizer.id("í"), *tokenizer.id("a")};
    CHECK(tokenizer.decode(ids) ==
          "\xef\xbf\xbd"
          "a");
}

TEST_CASE("tokenizer: tokens, bytes, ids and special tokens can be asked for") {
    const Tokenizer tokenizer = Tokenizer::load(fixture("tokenizers/gpt2"));
    CHECK(tokenizer.vocabulary() == 50257);
    CHECK(tokenizer.merges() == 50000);
    CHECK(tokenizer.id("<|endoftext|>") == 50256);
    CHECK(tokenizer.is_special(50256));
    CHECK_FALSE(tokenizer.is_special(0));
    const int the = tokenizer.id("Ġthe").value();
    CHECK(tokenizer.token(the) == "Ġthe");
    CHECK(tokenizer.bytes(the) == " the");
    CHECK_FALSE(tokenizer.id("no such token").has_value());
    CHECK(tokenizer.decode(std::vector<int>{the, 50256}) == " the");
    CHECK(tokenizer.decode(std::vector<int>{the, 50256}, true) == " the<|endoftext|>");
}

TEST_CASE("tokenizer: ids outside the vocabulary are refused") {
    const Tokenizer tokenizer = Tokenizer::load(fixture("tokenizers/bpe-byte-level"));
    CHECK_THROWS_WITH_AS(tokenizer.decode(std::vector<int>{640}),
                         doctest::Contains("0 to 639, got 640"), ArgumentError);
    CHECK_THROWS_AS(tokenizer.token(-1), ArgumentError);
    CHECK_THROWS_AS(tokenizer.bytes(1 << 30), ArgumentError);
    CHECK_THROWS_AS(tokenizer.is_special(640), ArgumentError);
}

TEST_CASE("tokenizer: the merge replay ends in the tokens of the encoding") {
    const Tokenizer tokenizer = Tokenizer::load(bundled_model_folder());
    const std::string text =
        "The king said: 안녕하세요, 오늘은 <|endoftext|> " + std::string(300, 'a');
    std::vector<std::string> last, expected;
    for (const auto& steps : tokenizer.merge_steps(text)) {
        CHECK(steps.front().rank == -1);
        for (std::size_t i = 1; i < steps.size() && steps[i].rank >= 0; ++i) {
            CHECK(steps[i].rank < tokenizer.merges());
            CHECK(steps[i].pieces.size() + 1 == steps[i - 1].pieces.size());
            const auto at = static_cast<std::size_t>(steps[i].position);
            CHECK(steps[i].pieces[at] == steps[i - 1].pieces[at] + steps[i - 1].pieces[at + 1]);
        }
        last.insert(last.end(), steps.back().pieces.begin(), steps.back().pieces.end());
    }
    for (const int id : tokenizer.encode(text).ids) expected.push_back(tokenizer.bytes(id));
    CHECK(last == expected);
}

TEST_CASE("tokenizer: one word of 5 MB is encoded") {
    const Tokenizer tokenizer = Tokenizer::load(bundled_model_folder());
    const std::string word(5'000'000, 'a');
    const Encoding encoding = tokenizer.encode(word);
    std::size_t bytes = 0;
    for (const int id : encoding.ids) bytes += tokenizer.bytes(id).size();
    CHECK(bytes == word.size());
    CHECK(encoding.offsets.back()[1] == 5'000'000);
}

TEST_CASE("tokenizer: threads may share one") {
    const Tokenizer tokenizer = Tokenizer::load(fixture("tokenizers/bpe-byte-level"));
    Random random(3);
    std::vector<std::string> texts;
    std::vector<std::vector<int>> expected;
    for (int i = 0; i < 100; ++i) {
        texts.push_back(random_text(random));
        expected.push_back(tokenizer.encode(texts.back()).ids);
    }
    std::vector<std::thread> threads;
    std::array<bool, 4> equal{};
    for (std::size_t i = 0; i < equal.size(); ++i) {
        threads.emplace_back([&, i] {
            equal[i] = true;
            for (std::size_t k = 0; k < 1000; ++k) {
                const std::size_t n = (k * (i + 1)) % texts.size();
                if (tokenizer.encode(texts[n]).ids != expected[n]) equal[i] = false;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    for (const bool same : equal) CHECK(same);
}
