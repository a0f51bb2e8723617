#include "nn/multi_head_attention.h"

#include <doctest/doctest.h>

#include <limits>

#include "golden.h"
#include "nn/rotary.h"
#include "parts/multi_head_attention_cases.h"
#include "tensor/error.h"
#include "tensor/random.h"

using namespace vitrine;
using namespace vitrine::test;

namespace {

Tensor2 run(Ref2 x, Segments segments, const AttentionWeights& weights, Record* record = nullptr) {
    return fast::self_attention(fast_parts(), x, segments, weights, record);
}

}  // namespace

TEST_CASE("multi-head attention: the fast one holds the list") {
    multi_head_attention_cases(fast_parts());
}

TEST_CASE("multi-head attention: one segment at a time equals all at once, rotated and windowed") {
    Random random(20);
    AttentionWeights weights = random_attention(random, 24, 4, 2);
    const Tensor2 x = random_normal<2>(random, {9, 24});
    const std::vector<Segment> segments{{0, 4, nullptr}, {4, 1, nullptr}, {5, 4, nullptr}};
    for (const Index window : {0, 2}) {
        for (const Index rotated : {0, 6}) {
            weights.window = window;
            weights.rotary.frequencies = rotary_frequencies(rotated, 10000);
            CHECK(largest_difference(
                      self_attention_by_segment(fast_parts(), x, segments, weights, nullptr),
                      run(x, segments, weights)) < 1e-5);
        }
    }
}

TEST_CASE("multi-head attention: a window hides what is further away") {
    AttentionWeights weights;
    weights.window = 2;
    const Tensor2 bias = self_bias(2, 4, weights);  // positions 2 and 3 look at 0 to 3
    constexpr Real hidden = -std::numeric_limits<Real>::infinity();
    CHECK(bias == Tensor2{{hidden, 0, 0, hidden}, {hidden, hidden, 0, 0}});
    weights.causal = false;
    weights.window = 0;
    CHECK(self_bias(2, 4, weights).size() == 0);
}

TEST_CASE("multi-head attention: segments of a packed batch don't see each other") {
    Random random(21);
    const AttentionWeights weights = random_attention(random, 24, 3, 3);
    const Tensor2 x = random_normal<2>(random, {9, 24});
    const std::vector<Segment> segments{{0, 4, nullptr}, {4, 1, nullptr}, {5, 4, nullptr}};
    const Tensor2 together = run(x, segments, weights);
    for (const Segment& segment : segments) {
        const Ref2 part = rows(Ref2(x), segment.begin, segment.begin + segment.length);
        const Segment alone{0, segment.length, nullptr};
        CHECK(largest_difference(
                  rows(Ref2(together), segment.begin, segment.begin + segment.length).copy(),
                  run(part, {&alone, 1}, weights)) < 1e-5);
    }
}

TEST_CASE("multi-head attention: a cache in pieces of any length equals the whole") {
    Random random(22);
    const AttentionWeights weights = random_attention(random, 24, 4, 2);  // grouped heads
    const Tensor2 x = random_normal<2>(random, {10, 24});
    const Segment all{0, 10, nullptr};
    const Tensor2 whole = run(x, {&all, 1}, weights);
    for (const Index piece : {1, 3, 10}) {
        KeyValues past(2, 6);
        for (Index at = 0; at < 10; at += piece) {
            const Index end = std::min<Index>(10, at + piece);
            const Segment part{0, end - at, &past};
            CHECK(largest_difference(run(rows(Ref2(x), at, end), {&part, 1}, weights),
                                     rows(Ref2(whole), at, end).copy()) < 1e-5);
        }
        CHECK(past.length() == 10);
    }
}

TEST_CASE("multi-head attention: names of what it records, and their shapes") {
    Random random(23);
    const AttentionWeights weights = random_attention(random, 24, 4, 2);
    const Tensor2 x = random_normal<2>(random, {5, 24});
    const Segment all{0, 5, nullptr};
    Record record = Record::all();
    run(x, {&all, 1}, weights, &record);
    const auto check = [&](const char* name, const char* axes, std::vector<Index> shape) {
        INFO(name);
        REQUIRE(record.cache().count(name) == 1);
        CHECK(record.cache().at(name).axes == axes);
        CHECK(record.cache().at(name).shape == shape);
    };
    check("q", "HTD", {4, 5, 6});
    check("k", "HTD", {2, 5, 6});
    check("v", "HTD", {2, 5, 6});
    check("scores", "HTS", {4, 5, 5});
    check("pattern", "HTS", {4, 5, 5});
    check("z", "HTD", {4, 5, 6});
    CHECK(record.cache().size() == 6);
}

TEST_CASE("keys and values: growing keeps what is there, going back forgets the rest") {
    Random random(24);
    const Tensor3 k = random_normal<3>(random, {2, 7, 3}), v = random_normal<3>(random, {2, 7, 3});
    KeyValues past(2, 3);
    for (Index t = 0; t < 7; ++t) {
        const Ref3 key(k.data() + t * 3, {2, 1, 3}, {21, 3, 1});
        const Ref3 value(v.data() + t * 3, {2, 1, 3}, {21, 3, 1});
        past.append(key, value);
    }
    CHECK(largest_difference(past.keys().copy(), k) == 0);
    CHECK(largest_difference(past.values().copy(), v) == 0);
    KeyValues fork = past;
    past.truncate(2);
    CHECK(past.length() == 2);
    CHECK(fork.length() == 7);
    past.append(k, v);
    CHECK(past.keys()(1, 2, 0) == k(1, 0, 0));
    CHECK(past.keys()(1, 1, 2) == k(1, 1, 2));
    CHECK_THROWS_AS(past.append(Tensor3(zeros<3>({3, 1, 3})), Tensor3(zeros<3>({3, 1, 3}))),
                    ShapeError);
    CHECK(past.length() == 9);
}
