#include "train/span_corruption.h"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "tensor/error.h"

using namespace vitrine;
using namespace vitrine::train;

namespace {

constexpr int first = 999, end = 1, start = 0;
const SpanCorruption corruption{first, 100, end, start};

std::vector<int> text(Index length) {
    std::vector<int> ids(static_cast<std::size_t>(length));
    std::iota(ids.begin(), ids.end(), 10);
    return ids;
}

/// Puts the spans of the target in the place of their sentinels.
std::vector<int> restored(const CorruptedText& corrupted, Index spans) {
    std::vector<std::vector<int>> pieces;
    for (const int id : corrupted.target) {
        if (id == first - static_cast<int>(pieces.size())) {
            pieces.emplace_back();
        } else if (id != end) {
            REQUIRE(!pieces.empty());
            pieces.back().push_back(id);
        }
    }
    REQUIRE(static_cast<Index>(pieces.size()) == spans + 1);
    CHECK(pieces.back().empty());  // the last sentinel only says that the target is over
    std::vector<int> ids;
    std::size_t next = 0;
    for (const int id : corrupted.source) {
        if (id == first - static_cast<int>(next)) {
            CHECK(!pieces[next].empty());
            ids.insert(ids.end(), pieces[next].begin(), pieces[next].end());
            ++next;
        } else if (id != end) {
            ids.push_back(id);
        }
    }
    return ids;
}

}  // namespace

// 20 tokens: 3 of them in one span; source 17 + 1 + </s>, target 3 + 2 sentinels + </s>.
// 568 tokens: round(85.2) = 85 in round(28.33) = 28 spans; these are the 568 -> 512 of the T5
// paper's code, whose targets have 114 tokens, without the last sentinel.
TEST_CASE("span corruption: the lengths of source and target are known beforehand") {
    const SpanSizes small = span_sizes(20, corruption);
    CHECK(small.noise == 3);
    CHECK(small.spans == 1);
    CHECK(small.source == 19);
    CHECK(small.target == 6);
    const SpanSizes paper = span_sizes(568, corruption);
    CHECK(paper.noise == 85);
    CHECK(paper.spans == 28);
    CHECK(paper.source == 512);
    CHECK(paper.target == 114 + 1);
    CHECK(text_length(512, corruption) == 568);
    CHECK(span_sizes(569, corruption).source > 512);
}

TEST_CASE("span corruption: source and target together are the text, at every length and seed") {
    for (const double density : {0.15, 0.5, 0.9}) {
        SpanCorruption dense = corruption;
        dense.density = density;
        for (Index length = 2; length < 70; ++length) {
            const SpanSizes sizes = span_sizes(length, dense);
            for (std::uint64_t seed = 0; seed < 5; ++seed) {
                const CorruptedText corrupted = corrupt_spans(text(length), dense, seed);
                CHECK(static_cast<Index>(corrupted.source.size()) == sizes.source);
                CHECK(static_cast<Index>(corrupted.target.size()) == sizes.target);
                CHECK(corrupted.source.back() == end);
                CHECK(corrupted.target.back() == end);
                CHECK(corrupted.source.front() == 10);  // what comes first always stays
                CHECK(restored(corrupted, sizes.spans) == text(length));
            }
        }
    }
}

// Two tokens: the second is left out, whatever the seed.
TEST_CASE("span corruption: the shortest text by hand") {
    const CorruptedText corrupted = corrupt_spans(text(2), corruption, 8);
    CHECK(corrupted.source == std::vector<int>{10, first, end});
    CHECK(corrupted.target == std::vector<int>{first, 11, first - 1, end});
}

// 4 tokens, half left out, in spans of one: stays, goes, stays, goes.
TEST_CASE("span corruption: sentinels count down") {
    SpanCorruption single = corruption;
    single.density = 0.5;
    single.mean_span = 1;
    const CorruptedText corrupted = corrupt_spans(text(4), single, 8);
    CHECK(corrupted.source == std::vector<int>{10, 999, 12, 998, end});
    CHECK(corrupted.target == std::vector<int>{999, 11, 998, 13, 997, end});
}

// 40 tokens: 6 are left out in two spans, of 1 and 5 to 5 and 1: five ways, all alike; a fifth of
// 5,000 draws deviates by 28.
TEST_CASE("span corruption: all ways of parting the noise are alike, and the seed decides") {
    std::vector<int> ways(6);
    for (std::uint64_t seed = 0; seed < 5000; ++seed) {
        const CorruptedText corrupted = corrupt_spans(text(40), corruption, seed);
        const auto second = std::find(corrupted.target.begin(), corrupted.target.end(), first - 1);
        ++ways[static_cast<std::size_t>(second - corrupted.target.begin() - 1)];
    }
    CHECK(ways[0] == 0);
    for (std::size_t length = 1; length < 6; ++length) CHECK(std::abs(ways[length] - 1000) < 115);
    CHECK(corrupt_spans(text(40), corruption, 3).source ==
          corrupt_spans(text(40), corruption, 3).source);
}

TEST_CASE("span corruption: the decoder reads what it should write, one place later") {
    const Batch batch = span_batch(text(40), 20, corruption, 6);
    CHECK(batch.rows() == 2);
    CHECK(batch.S == 19);
    CHECK(batch.T == 6);
    CHECK(batch.source.size() == 2 * 19);
    for (Index row = 0; row < 2; ++row) {
        const auto* ids = batch.ids.data() + row * 6;
        const auto* targets = batch.targets.data() + row * 6;
        CHECK(ids[0] == start);
        for (Index t = 0; t + 1 < 6; ++t) CHECK(ids[t + 1] == targets[t]);
        CHECK(targets[5] == end);
    }
    CHECK_THROWS_AS(span_batch(text(41), 20, corruption, 6), ArgumentError);
}

TEST_CASE("span corruption: texts and settings that can't be are refused") {
    CHECK_THROWS_AS(span_sizes(1, corruption), ArgumentError);
    CHECK_THROWS_AS(text_length(2, corruption), ArgumentError);
    CHECK(text_length(3, corruption) == 2);
    SpanCorruption wrong = corruption;
    wrong.density = 1;
    CHECK_THROWS_AS(span_sizes(20, wrong), ArgumentError);
    wrong = corruption;
    wrong.mean_span = 0.5;
    CHECK_THROWS_AS(span_sizes(20, wrong), ArgumentError);
    wrong = corruption;
    wrong.sentinels = 28;  // 28 spans and the last one
    CHECK_THROWS_AS(span_sizes(568, wrong), ArgumentError);
}
