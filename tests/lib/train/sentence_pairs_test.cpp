#include "train/sentence_pairs.h"

#include <doctest/doctest.h>

#include <cmath>

#include "tensor/error.h"

using namespace vitrine;
using namespace vitrine::train;

namespace {

constexpr int cls = 1, sep = 2, mask = 3, padding = 0;

// A word's hundreds are its document's number, its tens the sentence's.
const std::vector<Sentences> documents{
    {{100, 101}, {110, 111, 112}, {120}}, {{200}, {210, 211}}, {{300, 301, 302}}};

SentencePair pair_of(std::uint64_t seed, Index length = 64) {
    return sentence_pair(documents, 0, 0, {cls, sep, length}, seed);
}

}  // namespace

// 4,000 coins: the share deviates by 0.5 / sqrt(4000) = 0.0079.
TEST_CASE("sentence pairs: half go on as the document does, half with a sentence of another") {
    int follow = 0;
    std::vector<int> documents_seen(4);
    for (std::uint64_t seed = 0; seed < 4000; ++seed) {
        const SentencePair pair = pair_of(seed);
        REQUIRE(pair.ids.size() >= 6);
        CHECK(std::vector<int>(pair.ids.begin(), pair.ids.begin() + 4) ==
              std::vector<int>{cls, 100, 101, sep});
        CHECK(pair.ids.back() == sep);
        const std::vector<int> second(pair.ids.begin() + 4, pair.ids.end() - 1);
        const auto from = static_cast<std::size_t>(second[0] / 100);
        if (pair.follows == 0) {
            ++follow;
            CHECK(second == documents[0][1]);
        } else {
            ++documents_seen[from];
            CHECK(second == documents[from - 1][static_cast<std::size_t>(second[0] / 10 % 10)]);
        }
    }
    CHECK(std::abs(follow / 4000.0 - 0.5) < 0.032);
    CHECK(documents_seen[1] == 0);  // never of its own document
    CHECK(documents_seen[2] > 850);
    CHECK(documents_seen[3] > 850);
}

TEST_CASE("sentence pairs: types are 0 up to the first [SEP] and 1 behind it") {
    std::uint64_t seed = 0;
    while (pair_of(seed).follows != 0) ++seed;
    const SentencePair pair = pair_of(seed);
    CHECK(pair.ids == std::vector<int>{cls, 100, 101, sep, 110, 111, 112, sep});
    CHECK(pair.types == std::vector<int>{0, 0, 0, 0, 1, 1, 1, 1});
}

// Room for 7 - 3 words: of 2 and 3 the longer loses one; for 3: then of 2 and 2 the second.
TEST_CASE("sentence pairs: the longer text is cut at either end until both fit") {
    bool front = false, back = false;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        const SentencePair pair = pair_of(seed, 7);
        CHECK(pair.ids.size() <= 7);
        CHECK(pair.ids.size() == pair.types.size());
        if (pair.follows != 0) continue;
        REQUIRE(pair.ids.size() == 7);
        CHECK(pair.types == std::vector<int>{0, 0, 0, 0, 1, 1, 1});
        front = front || pair.ids[4] == 111;
        back = back || pair.ids[5] == 111;
        const SentencePair shorter = pair_of(seed, 6);
        CHECK(shorter.types == std::vector<int>{0, 0, 0, 0, 1, 1});
    }
    CHECK(front);
    CHECK(back);
    CHECK(pair_of(3, 5).ids.size() == 5);
}

TEST_CASE("sentence pairs: what can't be paired is refused") {
    const Pairing pairing{cls, sep, 64};
    CHECK_THROWS_AS(sentence_pair(documents, 0, 2, pairing, 0), ArgumentError);  // the last one
    CHECK_THROWS_AS(sentence_pair(documents, 3, 0, pairing, 0), ArgumentError);
    CHECK_THROWS_AS(sentence_pair(std::span(documents).first(1), 0, 0, pairing, 0), ArgumentError);
    CHECK_THROWS_AS(sentence_pair(documents, 0, 0, {cls, sep, 4}, 0), ArgumentError);
    const std::vector<Sentences> hollow{documents[0], {}};
    CHECK_THROWS_AS(sentence_pair(hollow, 0, 0, pairing, 0), ArgumentError);
}

TEST_CASE("masked batch: rows are padded to the longest, hidden there, and asked nothing there") {
    const std::vector<SentencePair> pairs{{{cls, 5, 6, sep, 7, sep}, {0, 0, 0, 0, 1, 1}, 1},
                                          {{cls, 8, sep, 9, sep}, {0, 0, 0, 1, 1}, 0}};
    const Masking masking{mask, 100, {padding, cls, sep, mask}};
    const Batch batch = masked_batch(pairs, masking, padding, 4);
    CHECK(batch.T == 6);
    CHECK(batch.rows() == 2);
    CHECK(batch.types == std::vector<int>{0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0});
    CHECK(batch.mask == std::vector<int>{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0});
    CHECK(batch.follows == std::vector<int>{1, 0});
    CHECK(batch.counted() == 2);  // one word of each row, the least
    CHECK(batch.ids[11] == padding);
    CHECK(batch.targets[11] == -1);
    CHECK(masked_batch(pairs, masking, padding, 4).ids == batch.ids);
}
