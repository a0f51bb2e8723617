#include "nn/multi_head_attention.h"

#include <doctest/doctest.h>

#include <limits>

#include "golden.h"
#include "nn/rotary.h"
#include "tensor/error.h"
#include "tensor/random.h"

using namespace vitrine;
using namespace vitrine::test;

namespace {

/// Matrix i of torch's in_proj: [3C, C], which keeps [out, in].
Linear projection(const TensorFile& file, Index i) {
    const Tensor2 all = golden<2>(file, "in_proj_weight");
    const Tensor1 bias = golden<1>(file, "in_proj_bias");
    const Index C = Index(all.shape()[1]);
    return Linear(Matrix(rows(Ref2(all), i * C, (i + 1) * C).copy()).transpose(),
                  rows(Ref1(bias), i * C, (i + 1) * C).copy());
}

Linear output_of(const TensorFile& file) {
    return Linear(Matrix(golden<2>(file, "out_proj_weight")).transpose(),
                  golden<1>(file, "out_proj_bias"));
}

AttentionWeights random_weights(Random& random, Index C, Index H, Index K) {
    const auto linear = [&](Index out) {
        return Linear(Matrix(random_normal<2>(random, {C, out}, 0.3)),
                      random_normal<1>(random, {out}, 0.1));
    };
    const Index D = C / H;
    AttentionWeights weights{linear(C), linear(K * D), linear(K * D), linear(C)};
    weights.heads = H;
    weights.kv_heads = K;
    weights.scale = 1.0F / std::sqrt(static_cast<float>(D));
    return weights;
}

Tensor2 run(Ref2 x, Segments segments, const AttentionWeights& weights, Record* record = nullptr) {
    return fast::self_attention(fast_parts(), x, segments, weights, record);
}

}  // namespace

// Bound: float32 sums of 24 products, twice, against float64.
TEST_CASE("multi-head attention: on itself, causal and on a second sequence it equals torch") {
    for (const char* name : {"self", "causal", "cross"}) {
        INFO(name);
        const TensorFile file = TensorFile::open(
            fixture(std::string("parts/multi_head_attention_") + name + ".safetensors"));
        const Tensor2 x = golden<2>(file, "x");                                          // [T, C]
        const Tensor2 source = file.contains("source") ? golden<2>(file, "source") : x;  // [S, C]
        const Index T = Index(x.shape()[0]);
        AttentionWeights weights{projection(file, 0), projection(file, 1), projection(file, 2),
                                 output_of(file)};
        weights.heads = weights.kv_heads = 3;
        weights.scale = 1.0F / std::sqrt(8.0F);
        const Tensor2 mask = causal_bias(T, T);
        const Bias bias = std::string(name) == "causal" ? Bias(mask) : Bias();
        Record record = Record::of({"pattern"});
        CHECK(largest_difference(fast::multi_head_attention(fast_parts(), x, source, bias, weights,
                                                            nullptr, &record),
                                 golden<2>(file, "output")) < 2e-5);
        CHECK(largest_difference(kept<3>(record.cache(), "pattern"), golden<3>(file, "pattern")) <
              1e-5);
    }
}

TEST_CASE("multi-head attention: one segment at a time equals all at once, rotated and windowed") {
    Random random(20);
    AttentionWeights weights = random_weights(random, 24, 4, 2);
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
    const AttentionWeights weights = random_weights(random, 24, 3, 3);
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
    const AttentionWeights weights = random_weights(random, 24, 4, 2);  // grouped heads
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
    const AttentionWeights weights = random_weights(random, 24, 4, 2);
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
