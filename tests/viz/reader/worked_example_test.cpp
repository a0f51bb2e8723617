// The numbers of the worked examples, in both languages, are what the chapters' functions give.
// That of chapter 01 is a case of its exercise, that of chapter 04 is in lesson_test.cpp.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "chapters/02_embeddings/embeddings.h"
#include "chapters/03_positional_encoding/positional_encoding.h"
#include "chapters/05_multi_head_attention/multi_head_attention.h"
#include "chapters/06_layer_norm/layer_norm.h"
#include "chapters/07_feed_forward/feed_forward.h"
#include "chapters/09_gpt/gpt.h"
#include "chapters/runner/manifest.h"
#include "io/json.h"

using namespace vitrine;

namespace {

std::string fixed(double value, int digits) {
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

/// "(-1.342, -0.447, 0.447, 1.342)"
template <class Numbers>
std::string in_brackets(const Numbers& numbers, int digits) {
    std::string text;
    for (const auto number : numbers)
        text += (text.empty() ? "(" : ", ") + fixed(static_cast<double>(number), digits);
    return text + ")";
}

void check_quoted(const char* chapter, const std::vector<std::string>& numbers) {
    for (const bool korean : {false, true}) {
        const std::string text =
            read_file(runner::find_chapter(chapter).lesson(korean).string(), 1U << 20U);
        CAPTURE(chapter);
        CAPTURE(korean);
        for (const std::string& each : numbers) {
            CAPTURE(each);
            CHECK(text.find(each) != std::string::npos);
        }
    }
}

}  // namespace

TEST_CASE("worked example 02: logits of four tokens, and two cosines") {
    const Tensor2 table{{4, 1}, {3, 2}, {-1, 3}, {-2, 6}};
    const Tensor2 x{{1, 2}};
    const Tensor2 logits = chapters::unembed(x, Matrix(table));
    const Tensor1 sun{4, 1}, king{-1, 3}, queen{-2, 6};
    CHECK(chapters::cosine(king, queen) == doctest::Approx(1.0));
    std::vector<std::string> numbers{fixed(chapters::cosine(king, sun), 3),
                                     "\\sqrt{10} = " + fixed(std::sqrt(10.0), 3),
                                     "\\sqrt{40} = " + fixed(std::sqrt(40.0), 3)};
    const char* products[] = {"1 \\cdot 4 + 2 \\cdot 1 = ", "1 \\cdot 3 + 2 \\cdot 2 = ",
                              "1 \\cdot (-1) + 2 \\cdot 3 = ", "1 \\cdot (-2) + 2 \\cdot 6 = "};
    for (std::size_t id = 0; id < 4; ++id)
        numbers.push_back(products[id] + fixed(double(logits(0, id)), 0));
    check_quoted("2", numbers);
}

TEST_CASE("worked example 03: a row of sines, a turned pair, a bucket") {
    const Tensor2 table = chapters::sinusoidal(2, 4);
    // In double: the float32 next to cos 0.01 lies below 0.99995, and would be printed as 0.9999.
    const std::array<double, 4> at_one{std::sin(1.0), std::cos(1.0), std::sin(0.01),
                                       std::cos(0.01)};
    for (std::size_t c = 0; c < 4; ++c) CHECK(double(table(1, c)) == doctest::Approx(at_one[c]));
    const Tensor3 pair{{{0.50F, 0.59F}}};
    const Tensor3 turned = chapters::rotate(pair, Rotary{Tensor1{1.0F}, false}, 1);
    const std::array<Real, 2> after{turned(0, 0, 0), turned(0, 0, 1)};
    CHECK(chapters::relative_bucket(-3, true, 32, 128) == 3);
    CHECK(chapters::relative_bucket(-20, true, 32, 128) == 10);
    CHECK(chapters::relative_bucket(-16, true, 32, 128) == 10);
    CHECK(chapters::relative_bucket(-22, true, 32, 128) == 10);
    CHECK(chapters::relative_bucket(-15, true, 32, 128) != 10);
    CHECK(chapters::relative_bucket(-23, true, 32, 128) != 10);
    const double place = 8 + std::log(20.0 / 8) / std::log(128.0 / 8) * 8;
    check_quoted("3",
                 {in_brackets(at_one, 4), in_brackets(after, 2), "\\cdot 8 = " + fixed(place, 1)});
}

TEST_CASE("worked example 05: what splitting moves in memory") {
    const Tensor2 x{{1, 2, 3, 4}, {5, 6, 7, 8}};
    const Tensor3 heads = chapters::split_heads(x, 2);
    std::string memory;
    for (const Real value : heads) memory += (memory.empty() ? "" : " ") + fixed(double(value), 0);
    check_quoted("5", {memory, "$(1, 2), (5, 6)$", "$(3, 4), (7, 8)$"});
    CHECK(heads(0, 1, 0) == 5);
    CHECK(heads(1, 0, 0) == 3);
}

TEST_CASE("worked example 06: both norms by hand, also of a hundred times the input") {
    const NormWeights plain{Tensor1{1, 1, 1, 1}, {}, 0.0F};
    const Tensor2 x{{1, 3, 5, 7}}, large{{100, 300, 500, 700}}, other{{3, 4, 0, 0}};
    const Tensor2 normed = chapters::layer_norm(x, plain);
    CHECK(in_brackets(chapters::layer_norm(large, plain), 3) == in_brackets(normed, 3));
    const Tensor2 small = chapters::rms_norm(other, plain);
    CHECK(double(small(0, 0)) == doctest::Approx(1.2));
    CHECK(double(small(0, 1)) == doctest::Approx(1.6));
    check_quoted("6", {in_brackets(normed, 3), "$(1.2, 1.6, 0, 0)$", "\\sqrt{5} = 2.236"});
}

TEST_CASE("worked example 07: two neurons, seen from both sides") {
    const Tensor2 up{{1, -1}}, down{{10}, {100}};
    const FeedForwardWeights weights{Linear(Matrix(up), Tensor1{1, 0}),
                                     Linear(Matrix(down), Tensor1{5}), Activate::relu};
    const auto result = [&](Real x) {
        Tensor2 in = zeros<2>({1, 1});
        in(0, 0) = x;
        return fixed(double(chapters::feed_forward(fast_parts(), in, weights)(0, 0)), 0);
    };
    check_quoted("7", {"+ 5 = " + result(2), "$" + result(-2) + "$"});
}

TEST_CASE("worked example 09: temperature, top-k, top-p and beams") {
    const Tensor1 logits = xt::log(Tensor1{0.5F, 0.25F, 0.15F, 0.1F});
    std::vector<std::string> numbers;
    for (const Real share : chapters::probabilities(logits, 0.5F))
        numbers.push_back("$" + fixed(double(share), 3) + "$");
    const Tensor1 two = chapters::probabilities(chapters::top_k(logits, 2), 1);
    for (const std::size_t id : {0, 1}) numbers.push_back("$" + fixed(double(two(id)), 3) + "$");
    const Tensor1 nucleus = chapters::top_p(logits, 0.7F);
    CHECK(std::isfinite(nucleus(1)));
    CHECK(std::isinf(nucleus(2)));
    const Tensor1 scores = xt::log(Tensor1{0.5F, 0.4F});
    const Tensor2 next = xt::log(Tensor2{{0.4F}, {0.9F}});
    const Tensor2 beams = chapters::beam_step(scores, next, 2);
    CHECK(beams(0, 0) == 1);  // B wins in the end
    numbers.push_back("= " + fixed(double(beams(0, 2)), 2) + "$");
    numbers.push_back("= " + fixed(double(beams(1, 2)), 2) + "$");
    check_quoted("9", numbers);
}
