#include "text/pipeline.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "golden.h"
#include "io/json.h"
#include "tensor/error.h"
#include "text/byte_alphabet.h"
#include "text/tokenizer.h"
#include "text/utf8.h"

using namespace vitrine;
using nlohmann::json;
using vitrine::test::fixture;

namespace {

/// A tokenizer.json of the 256 bytes (ids 0 to 255) and two rules.
json small_tokenizer() {
    json vocab = json::object();
    for (int byte = 0; byte < 256; ++byte) {
        std::string character;
        append_code_point(character, byte_character(static_cast<unsigned char>(byte)));
        vocab[character] = byte;
    }
    vocab["ab"] = 256;
    vocab["Ġab"] = 257;
    return {{"version", "1.0"},
            {"added_tokens", json::array()},
            {"pre_tokenizer", {{"type", "ByteLevel"}, {"add_prefix_space", false}}},
            {"post_processor", nullptr},
            {"decoder", {{"type", "ByteLevel"}}},
            {"model", {{"type", "BPE"}, {"vocab", vocab}, {"merges", {"a b", "Ġ ab"}}}}};
}

json with(const char* pointer, const json& value) {
    json root = small_tokenizer();
    root[json::json_pointer(pointer)] = value;
    return root;
}

Tokenizer load(const json& root) {
    return Tokenizer::parse(root.dump(), "t.json");
}

void refuses(const char* pointer, const json& value, const char* part) {
    INFO(std::string(pointer), " = ", value.dump());
    CHECK_THROWS_WITH_AS(load(with(pointer, value)), doctest::Contains(part), FileError);
}

using Strings = std::vector<std::string>;
using Offsets = std::vector<std::array<Index, 2>>;

}  // namespace

TEST_CASE("pipeline: rules are read as \"a b\" and as [\"a\", \"b\"]") {
    const json pairs = json::array({{"a", "b"}, {"Ġ", "ab"}});
    for (const json& root : {small_tokenizer(), with("/model/merges", pairs)}) {
        const Tokenizer tokenizer = load(root);
        CHECK(tokenizer.merges() == 2);
        CHECK(tokenizer.encode("ab abb").tokens == Strings{"ab", "Ġab", "b"});
    }
}

TEST_CASE("pipeline: of two rules for the same pair the last counts") {
    // "b b" is learnt first; the second "a b" comes after it, so "abb" keeps its b's together.
    json root = with("/model/merges", {"a b", "b b", "a b"});
    root["model"]["vocab"]["bb"] = 258;
    CHECK(load(root).encode("abb").tokens == Strings{"a", "bb"});
    CHECK(load(root).merges() == 2);
}

TEST_CASE("pipeline: add_prefix_space puts a space in front of each stretch of text") {
    json root = with("/pre_tokenizer/add_prefix_space", true);
    root["added_tokens"] = {{{"id", 258}, {"content", "<s>"}, {"special", true}}};
    const Encoding encoding = load(root).encode("ab<s>ab ab");
    CHECK(encoding.tokens == Strings{"Ġab", "<s>", "Ġab", "Ġab"});
    CHECK(encoding.offsets == Offsets{{0, 2}, {2, 5}, {5, 7}, {7, 10}});
    // Alone, the added space counts as the first character, as in tokenizers.
    const Encoding korean = load(root).encode("가");
    CHECK(korean.tokens.front() == "Ġ");
    CHECK(korean.offsets == Offsets{{0, 1}, {0, 1}, {0, 1}, {0, 1}});
    CHECK(load(root).encode("").ids.empty());
    CHECK(load(root).encode(" ab").tokens == Strings{"Ġab"});
}

TEST_CASE("pipeline: without use_regex a text is one piece") {
    json root = with("/pre_tokenizer/use_regex", false);
    root["model"]["vocab"]["bĠ"] = 258;
    root["model"]["merges"] = {"b Ġ"};
    CHECK(load(root).encode("ab a").tokens == Strings{"a", "bĠ", "a"});
}

TEST_CASE("pipeline: with ignore_merges a piece that is a token stays whole") {
    json root = with("/model/vocab/bab", 258);
    CHECK(load(root).encode("bab").tokens == Strings{"b", "ab"});
    root["model"]["ignore_merges"] = true;
    CHECK(load(root).encode("bab babb").tokens == Strings{"bab", "Ġ", "b", "ab", "b"});
    CHECK(load(root).merge_steps("bab").at(0).back().pieces == Strings{"bab"});
}

TEST_CASE("pipeline: a byte that is no token is unknown, or dropped") {
    json root = with("/model/vocab/<unk>", 255);
    root["model"]["vocab"].erase("z");  // its id, 122, goes to the byte that had 255
    root["model"]["vocab"]["ÿ"] = 122;
    CHECK(load(root).encode("azzc").tokens == Strings{"a", "c"});
    root["model"]["unk_token"] = "<unk>";
    CHECK(load(root).encode("azzc").tokens == Strings{"a", "<unk>", "<unk>", "c"});
    root["model"]["fuse_unk"] = true;
    const Encoding fused = load(root).encode("azzc");
    CHECK(fused.tokens == Strings{"a", "<unk>", "c"});
    CHECK(fused.offsets == Offsets{{0, 1}, {1, 3}, {3, 4}});
    root["model"]["unk_token"] = "nowhere";
    CHECK_THROWS_WITH_AS(load(root), doctest::Contains("a token of the vocabulary"), FileError);
}

TEST_CASE("pipeline: without a decoder tokens are joined by spaces") {
    const Tokenizer tokenizer = load(with("/decoder", nullptr));
    CHECK(tokenizer.decode(std::vector<int>{97, 256}) == "a ab");
}

TEST_CASE("pipeline: steps that are not known are refused by name") {
    refuses("/normalizer", {{"type", "Nmt"}}, "\"normalizer\": expected null, Prepend");
    refuses("/normalizer", {{"type", "Replace"}, {"pattern", {{"Regex", "a("}}}, {"content", ""}},
            "expected a regular expression");
    refuses("/normalizer", {{"type", "Replace"}, {"pattern", {{"Glob", "a*"}}}, {"content", ""}},
            "expected a \"String\" or a \"Regex\"");
    refuses("/pre_tokenizer/type", "UnicodeScripts",
            "expected null, ByteLevel, BertPreTokenizer, Whitespace");
    refuses("/pre_tokenizer", {{"type", "Metaspace"}, {"prepend_scheme", "last"}},
            "expected always, first or never");
    refuses("/pre_tokenizer", {{"type", "Split"}, {"pattern", {{"String", "a"}}}}, "Isolated");
    refuses("/model/vocab", json::object(), "expected a vocabulary, got no tokens");
    refuses("/post_processor", {{"type", "BertProcessing"}}, "\"cls\": expected an array");
    refuses("/post_processor", {{"type", "BertProcessing"}, {"cls", {"[CLS]", "2"}}},
            "a token and its id");
    refuses("/post_processor", {{"type", "Other"}}, "got type \"Other\"");
    const json one{{"Sequence", {{"id", "A"}}}}, two{{"Sequence", {{"id", "B"}}}};
    const json cls{{"SpecialToken", {{"id", "[CLS]"}}}};
    const auto around = [&](const json& single, const json& pair) {
        return json{{"type", "TemplateProcessing"},
                    {"single", single},
                    {"pair", pair},
                    {"special_tokens", json::object()}};
    };
    refuses("/post_processor", around(json::array({cls, one}), json::array({one, two})),
            "\"[CLS]\"");
    refuses("/post_processor", around(json::array({one, one}), json::array({one, two})),
            "each sequence once");
    refuses("/post_processor", around(json::array({two}), json::array({one, two})),
            "one sequence, A");
    refuses("/decoder", {{"type", "CTC"}}, "type \"CTC\"");
    refuses("/model/type", "WordLevel", "expected type BPE, WordPiece or Unigram");
    refuses("/model/type", "Unigram", "\"vocab\": expected an array");
    refuses("/model/type", "WordPiece", "\"unk_token\": expected a token of the vocabulary");
    refuses("/model/dropout", 0.1, "\"dropout\": expected null");
    refuses("/model/continuing_subword_prefix", "##", "\"continuing_subword_prefix\"");
    refuses("/truncation", {{"max_length", 8}}, "\"truncation\": expected null");
    refuses("/padding", {{"strategy", "BatchLongest"}}, "\"padding\": expected null");
}

TEST_CASE("pipeline: ids that are negative, huge, doubled or missing are refused") {
    refuses("/model/vocab/!", -1, "token \"!\": expected an id from 0 to 257, without holes");
    refuses("/model/vocab/!", 99999999999, "got 99999999999");
    refuses("/model/vocab/!", 258, "got 258");
    refuses("/model/vocab/!", 2147483647, "got 2147483647");
    refuses("/model/vocab/!", 1.5, "got 1.5");
    refuses("/model/vocab/!", "33", "got \"33\"");
    refuses("/model/vocab/!", 34, "one token for the id 34");
    refuses("/added_tokens", {{{"id", 7}, {"content", "<s>"}}}, "one token for the id 7");
    refuses("/added_tokens", {{{"id", 258}, {"content", "ab"}}}, "an id from 0 to 257");
    refuses("/added_tokens", {{{"id", 255}, {"content", "ab"}}}, "one token for the id 255");
    refuses("/added_tokens", {{{"id", 259}, {"content", "<s>"}}}, "an id from 0 to 258");
    refuses("/added_tokens", {{{"id", 258}, {"content", "x<"}}, {{"id", 259}, {"content", "x<"}}},
            "every token once");
}

TEST_CASE("pipeline: members of another type than they should be are refused") {
    refuses("/model", "BPE", "\"model\": expected an object");
    refuses("/model/vocab", json::array({json::array({"a", 0.5})}),
            "\"vocab\": expected an object");
    refuses("/model/vocab", nullptr, "\"vocab\": expected the tokens");
    const auto unigram = [](const json& vocab) {
        return json{{"type", "Unigram"}, {"vocab", vocab}, {"unk_id", 0}};
    };
    refuses("/model", unigram(json::array({json::array({"a", "b"})})), "[token, log probability]");
    refuses("/model", unigram(json::array({"a"})), "[token, log probability]");
    json outside = unigram(json::array({json::array({"a", 0.5})}));
    outside["unk_id"] = 1;
    refuses("/model", outside, "\"unk_id\": expected the id of a token");
    refuses("/model/merges", json::object(), "\"merges\": expected an array");
    refuses("/model/merges", {"a b c"}, "merge 0: expected two pieces");
    refuses("/model/merges", {"ab"}, "merge 0: expected two pieces");
    refuses("/model/merges", {5}, "merge 0: expected two pieces");
    refuses("/model/merges", json::array({{"a"}}), "merge 0: expected two pieces");
    refuses("/model/merges", {"a b", "a zzzz"}, "merge 1: expected pieces that are in the voc");
    refuses("/model/merges", {"a c"}, "\"ac\", which is not");
    refuses("/model/ignore_merges", "yes", "\"ignore_merges\": expected true or false");
    refuses("/normalizer", 5, "\"normalizer\": expected an object");
    refuses("/decoder", json::object(), "expected a \"type\"");
    refuses("/pre_tokenizer/add_prefix_space", 1, "\"add_prefix_space\": expected true or false");
    refuses("/added_tokens", 5, "\"added_tokens\": expected an array");
    refuses("/added_tokens", {5}, "\"added_tokens\" 0: expected an object");
    refuses("/added_tokens", {{{"content", "<s>"}}}, "\"id\": expected a token id, got none");
    refuses("/added_tokens", {{{"id", 258}, {"content", ""}}}, "\"content\"");
    refuses("/added_tokens", {{{"id", 258}, {"content", std::string(5000, 'x')}}}, "\"content\"");
}

TEST_CASE("pipeline: what is not a tokenizer.json at all is refused") {
    CHECK_THROWS_AS(Tokenizer::parse("[]", "t.json"), FileError);
    CHECK_THROWS_AS(Tokenizer::parse("{}", "t.json"), FileError);
    CHECK_THROWS_AS(Tokenizer::parse("{", "t.json"), FileError);
    CHECK_THROWS_AS(Tokenizer::parse("", "t.json"), FileError);
    CHECK_THROWS_AS(Tokenizer::parse(std::string(100000, '['), "t.json"), FileError);
    CHECK_THROWS_AS(Tokenizer::load("/nowhere/tokenizer.json"), FileError);
    CHECK_THROWS_AS(Tokenizer::load(fixture("tokenizers")), FileError);
}
