#include "text/split.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tensor/error.h"
#include "text/pre_tokenizer.h"

using namespace vitrine;
using nlohmann::json;

namespace {

using Strings = std::vector<std::string>;

Strings split_at_dash(SplitBehavior behavior) {
    const std::string text = "the-final--countdown";
    std::vector<ByteRange> pieces;
    split(Pattern("-").stretches(text), behavior, pieces);
    Strings result;
    for (const ByteRange piece : pieces) result.emplace_back(part_of(text, piece));
    return result;
}

/// The pieces of a text, and where they come from in it.
Strings cut(const json& pre_tokenizer, const std::string& text,
            std::vector<std::array<std::size_t, 2>>* sources = nullptr) {
    AlignedText aligned(text, {0, text.size()});
    std::vector<ByteRange> pieces;
    pre_tokenize(read_pre_tokenizer({{"pre_tokenizer", pre_tokenizer}}, "t.json"), aligned, pieces);
    Strings result;
    for (const ByteRange piece : pieces) {
        result.emplace_back(part_of(aligned.bytes(), piece));
        const ByteRange source = aligned.source(piece);
        if (sources != nullptr) sources->push_back({source.begin, source.end});
    }
    return result;
}

}  // namespace

TEST_CASE("split: what becomes of a match") {
    // The examples beside SplitDelimiterBehavior in tokenizers, normalizer.rs.
    CHECK(split_at_dash(SplitBehavior::removed) == Strings{"the", "final", "countdown"});
    CHECK(split_at_dash(SplitBehavior::isolated) ==
          Strings{"the", "-", "final", "-", "-", "countdown"});
    CHECK(split_at_dash(SplitBehavior::merged_with_previous) ==
          Strings{"the-", "final-", "-", "countdown"});
    CHECK(split_at_dash(SplitBehavior::merged_with_next) ==
          Strings{"the", "-final", "-", "-countdown"});
    CHECK(split_at_dash(SplitBehavior::contiguous) ==
          Strings{"the", "-", "final", "--", "countdown"});
}

TEST_CASE("split: a pattern may be inverted, and a hostile one ends with an error") {
    const auto split_step = [](const std::string& regex, bool invert) {
        return json{{"type", "Split"},
                    {"pattern", {{"Regex", regex}}},
                    {"behavior", "Removed"},
                    {"invert", invert}};
    };
    CHECK(cut(split_step("\\p{L}+", true), "ab 12 é") == Strings{"ab", "é"});
    CHECK(cut(split_step("\\p{L}+", false), "ab 12 é") == Strings{" 12 "});
    const std::string endless(1'000'000, 'a');
    CHECK(cut(split_step("(?:a|b)+", true), endless) == Strings{endless});
    CHECK_THROWS_AS(cut(split_step("(a+)+$", false), std::string(60, 'a') + "b"), TextError);
}

TEST_CASE("pre-tokenizers: Metaspace") {
    // tokenizers, pre_tokenizers/metaspace.rs, tests basic and multiple_spaces.
    std::vector<std::array<std::size_t, 2>> sources;
    const json metaspace = {{"type", "Metaspace"}};
    CHECK(cut(metaspace, "Hey   friend!", &sources) == Strings{"▁Hey", "▁", "▁", "▁friend!"});
    CHECK(sources == std::vector<std::array<std::size_t, 2>>{{0, 3}, {3, 4}, {4, 5}, {5, 13}});
    CHECK(cut(metaspace, " a") == Strings{"▁a"});
    CHECK(cut({{"type", "Metaspace"}, {"prepend_scheme", "never"}}, "a b") == Strings{"a", "▁b"});
    CHECK(cut({{"type", "Metaspace"}, {"split", false}}, "a b") == Strings{"▁a▁b"});
    const json first = {
        {"type", "Sequence"},
        {"pretokenizers",
         {{{"type", "WhitespaceSplit"}}, {{"type", "Metaspace"}, {"prepend_scheme", "first"}}}}};
    CHECK(cut(first, "a b") == Strings{"▁a", "b"});
}

TEST_CASE("pre-tokenizers: white space, punctuation, digits") {
    CHECK(cut({{"type", "Whitespace"}}, "Hey friend!    How?!") ==
          Strings{"Hey", "friend", "!", "How", "?!"});
    CHECK(cut({{"type", "WhitespaceSplit"}}, "Hey, man! ") == Strings{"Hey,", "man!"});
    CHECK(cut({{"type", "BertPreTokenizer"}}, "Hey friend!? ok") ==
          Strings{"Hey", "friend", "!", "?", "ok"});
    CHECK(cut({{"type", "Punctuation"}}, "Hey, man!") == Strings{"Hey", ",", " man", "!"});
    CHECK(cut({{"type", "Digits"}}, "Hey 123 friend") == Strings{"Hey ", "123", " friend"});
    CHECK(cut({{"type", "Digits"}, {"individual_digits", true}}, "a12") == Strings{"a", "1", "2"});
}
