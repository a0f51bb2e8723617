#include "text/truncation.h"

#include <doctest/doctest.h>

#include "golden.h"
#include "tensor/error.h"
#include "text/tokenizer.h"

using namespace vitrine;
using Ids = std::vector<int>;

namespace {

Encoding text_of(int count) {
    Encoding text;
    for (int i = 0; i < count; ++i) {
        text.ids.push_back(i);
        text.tokens.push_back(std::to_string(i));
        text.offsets.push_back({i, i + 1});
        text.type_ids.push_back(0);
    }
    return text;
}

std::vector<Ids> ids_of(const std::vector<Encoding>& list) {
    std::vector<Ids> result;
    for (const Encoding& each : list) result.push_back(each.ids);
    return result;
}

}  // namespace

TEST_CASE("windows: of a length, with a stride, from either side") {
    const auto cut = [](int count, Index length, Index stride, Side side) {
        return ids_of(windows(text_of(count), length, stride, side));
    };
    CHECK(cut(5, 5, 0, Side::right) == std::vector<Ids>{{0, 1, 2, 3, 4}});
    CHECK(cut(5, 2, 0, Side::right) == std::vector<Ids>{{0, 1}, {2, 3}, {4}});
    // tokenizers, tokenizer/encoding.rs: truncate_overflow_with_stride, truncate_left
    CHECK(cut(5, 4, 2, Side::right) == std::vector<Ids>{{0, 1, 2, 3}, {2, 3, 4}});
    CHECK(cut(3, 2, 0, Side::left) == std::vector<Ids>{{1, 2}, {0}});
    CHECK(cut(5, 3, 1, Side::left) == std::vector<Ids>{{2, 3, 4}, {0, 1, 2}});
    CHECK(cut(3, 0, 0, Side::right) == std::vector<Ids>{{}, {0, 1, 2}});
    CHECK_THROWS_WITH_AS(cut(5, 2, 2, Side::right), doctest::Contains("stride"), ArgumentError);
    const Encoding second = windows(text_of(5), 2, 0, Side::right)[1];
    CHECK(second.tokens == std::vector<std::string>{"2", "3"});
    CHECK(second.offsets[0] == std::array<Index, 2>{2, 3});
}

TEST_CASE("windows: every token is in one, and neighbours share the stride") {
    for (int count = 1; count < 30; ++count) {
        for (Index length = 1; length < 8; ++length) {
            for (Index stride = 0; stride < length; ++stride) {
                const auto all = ids_of(windows(text_of(count), length, stride, Side::right));
                CHECK(all.front().front() == 0);
                CHECK(all.back().back() == count - 1);
                for (std::size_t i = 1; i < all.size(); ++i)
                    CHECK(all[i].front() == all[i - 1].back() + 1 - stride);
            }
        }
    }
}

TEST_CASE("truncated_lengths: the longer of a pair gives way, or the one that is named") {
    using Pair = Truncation::Pair;
    const auto lengths = [](Index first, Index second, Index room, Pair pair) {
        const PairLengths got = truncated_lengths(first, second, room, pair);
        return std::array<Index, 2>{got.first, got.second};
    };
    using Two = std::array<Index, 2>;
    CHECK(lengths(3, 4, 7, Pair::longest_first) == Two{3, 4});
    CHECK(lengths(2, 9, 7, Pair::longest_first) == Two{2, 5});
    CHECK(lengths(9, 2, 7, Pair::longest_first) == Two{5, 2});
    CHECK(lengths(9, 9, 7, Pair::longest_first) == Two{3, 4});
    CHECK(lengths(10, 9, 7, Pair::longest_first) == Two{4, 3});
    CHECK(lengths(9, 2, 7, Pair::only_first) == Two{5, 2});
    CHECK(lengths(3, 9, 7, Pair::only_second) == Two{3, 4});
    CHECK_THROWS_AS(lengths(9, 2, 7, Pair::only_second), ArgumentError);
}

TEST_CASE("pad: rows of one length with their mask") {
    const std::vector<Encoding> texts{text_of(3), text_of(1)};
    Padding padding;
    padding.id = 9;
    const PaddedTexts right = pad(texts, padding);
    CHECK(right.T == 3);
    CHECK(right.ids == Ids{0, 1, 2, 0, 9, 9});
    CHECK(right.mask == Ids{1, 1, 1, 1, 0, 0});
    padding.side = Side::left;
    padding.multiple_of = 4;
    CHECK(pad(texts, padding).ids == Ids{9, 0, 1, 2, 9, 9, 9, 0});
    padding.length = 2;
    CHECK_THROWS_WITH_AS(pad(texts, padding), doctest::Contains("truncate"), ArgumentError);
    CHECK(pad({}, Padding{}).ids.empty());
}

TEST_CASE(
    "tokenizer: windows with special tokens, offsets into the text, and batches on all cores") {
    const Tokenizer tokenizer =
        Tokenizer::load(test::fixture("tokenizers/bert-wordpiece-uncased/tokenizer.json"));
    const std::string text = "The king said to his daughter that she must go to the old tower.";
    const Encoding all = tokenizer.encode(text, false), whole = tokenizer.encode(text);
    const int begin = whole.ids.front(), end = whole.ids.back();
    Truncation truncation;
    truncation.max_length = 8;
    truncation.stride = 2;
    const std::vector<Encoding> list = tokenizer.encode_windows(text, truncation);
    REQUIRE(list.size() > 1);
    Ids joined;
    for (std::size_t i = 0; i < list.size(); ++i) {
        CHECK(list[i].ids.size() <= 8);
        CHECK(list[i].ids.front() == begin);
        CHECK(list[i].ids.back() == end);
        joined.insert(joined.end(), list[i].ids.begin() + (i == 0 ? 1 : 3), list[i].ids.end() - 1);
    }
    CHECK(joined == all.ids);
    CHECK(list[1].offsets[1] == all.offsets[4]);
    truncation.max_length = 100;
    CHECK(tokenizer.encode_windows(text, truncation)[0].ids == whole.ids);
    truncation.max_length = 2;
    CHECK_THROWS_WITH_AS(tokenizer.encode_windows(text, truncation),
                         doctest::Contains("special tokens"), ArgumentError);

    truncation = {};
    truncation.max_length = 12;
    truncation.pair = Truncation::Pair::only_second;
    const auto pairs = tokenizer.encode_windows("Who said it?", text, truncation);
    REQUIRE(pairs.size() > 1);
    const Encoding pair = tokenizer.encode_pair("Who said it?", text);
    CHECK(Ids(pairs[0].ids.begin(), pairs[0].ids.end() - 1) ==
          Ids(pair.ids.begin(), pair.ids.begin() + 11));
    CHECK(pairs[1].type_ids == pairs[0].type_ids);
    truncation.pair = Truncation::Pair::longest_first;
    CHECK(tokenizer.encode_windows(text, text, truncation).size() == 1);

    std::vector<std::string> texts;
    for (int i = 0; i < 300; ++i) texts.push_back(text.substr(0, static_cast<std::size_t>(i) % 60));
    const std::vector<Encoding> batch = tokenizer.encode_batch(texts);
    for (std::size_t i = 0; i < texts.size(); ++i)
        CHECK(batch[i].ids == tokenizer.encode(texts[i]).ids);
    texts[70] = texts[200] = "\xff";
    CHECK_THROWS_WITH_AS(tokenizer.encode_batch(texts), doctest::Contains("text 70"), TextError);
}
