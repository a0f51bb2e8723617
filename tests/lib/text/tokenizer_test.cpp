#include "text/tokenizer.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "golden.h"
#include "io/assets.h"
#include "io/json.h"
#include "tensor/error.h"
#include "tensor/random.h"
#include "text/utf8.h"

using namespace vitrine;
using nlohmann::json;
using vitrine::test::fixture;

namespace {

void check_golden(const std::string& name) {
    const std::string folder = fixture("tokenizers/" + name);
    const Tokenizer tokenizer = Tokenizer::load(folder);
    const json golden = read_json(folder + "/golden.json");
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
        const Encoding encoding =
            tokenizer.encode_pair(pair["a"].get<std::string>(), pair["b"].get<std::string>());
        CHECK(json(encoding.ids) == pair["ids"]);
        CHECK(json(encoding.tokens) == pair["tokens"]);
        CHECK(json(encoding.type_ids) == pair["type_ids"]);
    }
}

}  // namespace

TEST_CASE("tokenizer: byte-level BPE from tokenizer.json equals tokenizers") {
    check_golden("bpe-byte-level");
}

TEST_CASE("tokenizer: GPT-2's vocab.json and merges.txt equal tokenizers") {
    check_golden("gpt2");
}

TEST_CASE("tokenizer: decoding gives back what was encoded, for any text") {
    const Tokenizer tokenizer = Tokenizer::load(bundled_model_folder());
    Random random(7);
    for (int round = 0; round < 300; ++round) {
        std::string text;
        for (std::uint64_t i = random.below(40); i > 0; --i) {
            const std::uint64_t kind = random.below(4);
            char32_t value = static_cast<char32_t>(kind == 0   ? random.below(0x80)
                                                   : kind == 1 ? 0xac00 + random.below(11172)
                                                   : kind == 2 ? random.below(0xd800)
                                                               : 0xe000 + random.below(0x102000));
            append_code_point(text, value);
        }
        const Encoding encoding = tokenizer.encode(text);
        CHECK(tokenizer.decode(encoding.ids, true) == text);
        if (!encoding.ids.empty()) {
            CHECK(encoding.offsets.front()[0] == 0);
            CHECK(encoding.offsets.back()[1] == count_characters(text));
        }
    }
}

TEST_CASE("tokenizer: encoding refuses invalid UTF-8 with the byte offset") {
    const Tokenizer tokenizer = Tokenizer::load(bundled_model_folder());
    CHECK_THROWS_WITH_AS(tokenizer.encode("한\xed\x95글"),
                         doctest::Contains("0xed at byte offset 3"), TextError);
    CHECK_THROWS_WITH_AS(tokenizer.encode("a\xff"), doctest::Contains("0xff at byte offset 1"),
                         TextError);
}

TEST_CASE("tokenizer: decoding replaces broken characters by U+FFFD") {
    const Tokenizer tokenizer = Tokenizer::load(fixture("tokenizers/bpe-byte-level"));
    // The first byte of a Hangul syllable, alone, then a letter.
    const std::vector<int> ids{*tokenizer.id("í"), *tokenizer.id("a")};
    CHECK(tokenizer.decode(ids) ==
          "\xef\xbf\xbd"
          "a");
}

TEST_CASE("tokenizer: ids outside the vocabulary are refused") {
    const Tokenizer tokenizer = Tokenizer::load(fixture("tokenizers/bpe-byte-level"));
    CHECK_THROWS_WITH_AS(tokenizer.decode(std::vector<int>{640}),
                         doctest::Contains("0 to 639, got 640"), ArgumentError);
    CHECK_THROWS_AS(tokenizer.token(-1), ArgumentError);
}

TEST_CASE("tokenizer: the merge replay ends in the tokens of the encoding") {
    const Tokenizer tokenizer = Tokenizer::load(bundled_model_folder());
    const std::string text = "The king said: 안녕하세요, 오늘은 <|endoftext|> aaaaaaa";
    std::vector<std::string> last, expected;
    for (const auto& steps : tokenizer.merge_steps(text)) {
        CHECK(steps.front().rank == -1);
        for (std::size_t i = 1; i < steps.size(); ++i) {
            CHECK(steps[i].pieces.size() + 1 == steps[i - 1].pieces.size());
            const auto at = std::size_t(steps[i].position);
            CHECK(steps[i].pieces[at] == steps[i - 1].pieces[at] + steps[i - 1].pieces[at + 1]);
        }
        last.insert(last.end(), steps.back().pieces.begin(), steps.back().pieces.end());
    }
    for (const int id : tokenizer.encode(text).ids) expected.push_back(tokenizer.bytes(id));
    CHECK(last == expected);
}

TEST_CASE("tokenizer: one word of 5 MB is encoded, and like its pieces") {
    const Tokenizer tokenizer = Tokenizer::load(bundled_model_folder());
    const std::string word(5'000'000, 'a');
    const Encoding encoding = tokenizer.encode(word);
    std::size_t bytes = 0;
    for (const int id : encoding.ids) bytes += tokenizer.bytes(id).size();
    CHECK(bytes == word.size());
}

TEST_CASE("tokenizer: threads may share one") {
    const Tokenizer tokenizer = Tokenizer::load(bundled_model_folder());
    const std::vector<int> expected = tokenizer.encode("The king said to his daughter").ids;
    std::vector<std::thread> threads;
    std::array<bool, 4> equal{};
    for (std::size_t i = 0; i < equal.size(); ++i) {
        threads.emplace_back([&, i] {
            equal[i] = true;
            for (int round = 0; round < 200; ++round) {
                if (tokenizer.encode("The king said to his daughter").ids != expected)
                    equal[i] = false;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    for (const bool same : equal) CHECK(same);
}

TEST_CASE("tokenizer: broken and unsupported files are refused by name") {
    const json good = read_json(fixture("tokenizers/bpe-byte-level/tokenizer.json"));
    const auto refuses = [&](const char* pointer, const json& value, const char* part) {
        json bad = good;
        bad[json::json_pointer(pointer)] = value;
        INFO(pointer);
        CHECK_THROWS_WITH_AS(Tokenizer::parse(bad.dump(), "t.json"), doctest::Contains(part),
                             FileError);
    };
    refuses("/normalizer", {{"type", "NFC"}}, "\"normalizer\": expected type null, got \"NFC\"");
    refuses("/pre_tokenizer/type", "Metaspace", "got \"Metaspace\"");
    refuses("/model/type", "WordPiece", "got \"WordPiece\"");
    refuses("/model/vocab/!", -1, "an id from 0 to");
    refuses("/model/vocab/!", 99999999999, "an id from 0 to");
    refuses("/model/vocab/!", 2, "one token for id 2");
    refuses("/model/vocab", json::array(), "\"vocab\": expected object");
    refuses("/model/merges", json::array({"a b c"}), "two pieces");
    refuses("/model/merges", json::array({"zzzz b"}), "pieces of the vocabulary");
    refuses("/model/merges", json::array({5}), "two pieces");
    refuses("/added_tokens", json::array({{{"id", 3}, {"content", ""}}}), "a \"content\"");
    refuses("/added_tokens", 5, "\"added_tokens\": expected array");
    refuses("/model/dropout", 0.1, "\"dropout\": expected null");
    CHECK_THROWS_AS(Tokenizer::parse("[]", "t.json"), FileError);
    CHECK_THROWS_AS(Tokenizer::parse("{", "t.json"), FileError);
    CHECK_THROWS_AS(Tokenizer::parse(std::string(100000, '['), "t.json"), FileError);
    CHECK_THROWS_AS(Tokenizer::load("/nowhere/tokenizer.json"), FileError);
}
