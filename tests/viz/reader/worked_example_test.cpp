// The numbers of the running text, in both languages, are what the chapters' functions give. The
// worked example of chapter 01 is a case of its exercise.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <regex>
#include <string>
#include <vector>

#include "chapters/02_embeddings/embeddings.h"
#include "chapters/03_positional_encoding/positional_encoding.h"
#include "chapters/04_attention/attention.h"
#include "chapters/05_multi_head_attention/multi_head_attention.h"
#include "chapters/06_layer_norm/layer_norm.h"
#include "chapters/07_feed_forward/feed_forward.h"
#include "chapters/09_gpt/gpt.h"
#include "chapters/10_training/training.h"
#include "chapters/11_pretrained/pretrained.h"
#include "chapters/runner/manifest.h"
#include "io/assets.h"
#include "io/json.h"
#include "models/language_model.h"
#include "viz/reader/document.h"

using namespace vitrine;
using viz::Block;
using viz::Document;
using viz::Span;

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

/// What a lesson says: the text outside of code, and what its checked blocks print.
struct Said {
    std::string prose, printed;
};

/// A paper is named with its section: "3.2".
bool names_a_paper(const viz::Spans& spans) {
    return std::any_of(spans.begin(), spans.end(),
                       [](const Span& span) { return span.link.starts_with("https://"); });
}

void read_spans(const viz::Spans& spans, Said& said) {
    if (names_a_paper(spans)) return;
    for (const Span& span : spans) {
        if (span.kind != Span::Kind::code) said.prose += span.text + ' ';
    }
    said.prose += '\n';
}

void read_blocks(const std::vector<Block>& blocks, Said& said) {
    for (const Block& block : blocks) {
        read_spans(block.spans, said);
        for (const auto& row : block.rows) {
            for (const viz::Spans& cell : row) read_spans(cell, said);
        }
        // Run and compared in lesson_test.cpp.
        if (block.info == "console" || block.info.rfind("pattern ", 0) == 0)
            said.printed += block.text + '\n';
        read_blocks(block.children, said);
    }
}

struct Number {
    std::string text;
    double value = 0;
    int digits = 0;  // behind the point
    bool percent = false;
};

/// With a decimal point or a percent sign.
std::vector<Number> numbers_in(const std::string& text) {
    static const std::regex pattern(R"((\d[\d,]*\.\d+)( ?\\?%)?|(\d+)( ?\\?%))");
    std::vector<Number> result;
    for (std::sregex_iterator each(text.begin(), text.end(), pattern), end; each != end; ++each) {
        const std::smatch& match = *each;
        // "v1.1" is a name.
        if (match.position() > 0 && text[static_cast<std::size_t>(match.position() - 1)] == 'v')
            continue;
        std::string digits = match[1].matched ? match[1].str() : match[3].str();
        std::erase(digits, ',');
        const std::size_t point = digits.find('.');
        result.push_back(
            {match.str(), std::stod(digits),
             point == std::string::npos ? 0 : static_cast<int>(digits.size() - point - 1),
             match[2].matched || match[4].matched});
    }
    return result;
}

bool rounds_to(double value, const Number& number) {
    return fixed(std::abs(value), number.digits) == fixed(number.value, number.digits);
}

/// Every decimal and every percentage of the running text is `known`, rounded as the text has it,
/// or is printed by a block of the lesson.
/// @param known  computed, or what the author chose for an example, or a constant of the field
std::vector<std::string> unaccounted(const Document& lesson, std::vector<double> known) {
    Said said;
    read_blocks(lesson.blocks, said);
    for (const Number& each : numbers_in(said.printed)) {
        known.push_back(each.value);
        if (each.percent) known.push_back(each.value / 100);
    }
    std::vector<std::string> result;
    for (const Number& each : numbers_in(said.prose)) {
        const auto is_it = [&](double value) {
            return rounds_to(value, each) || (each.percent && rounds_to(value * 100, each));
        };
        if (std::none_of(known.begin(), known.end(), is_it)) result.push_back(each.text);
    }
    return result;
}

void check_accounted(const char* chapter, const std::vector<double>& known) {
    for (const bool korean : {false, true}) {
        CAPTURE(chapter);
        CAPTURE(korean);
        const std::vector<std::string> missing =
            unaccounted(viz::load_lesson(runner::find_chapter(chapter).lesson(korean)), known);
        std::string list;
        for (const std::string& each : missing) list += each + "  ";
        CHECK(list == "");
    }
}

template <class Numbers>
void add(std::vector<double>& known, const Numbers& numbers) {
    for (const auto number : numbers) known.push_back(static_cast<double>(number));
}

}  // namespace

TEST_CASE("prose: a number that nothing computes is found, in both notations") {
    const auto missing = [](const char* text) {
        return unaccounted(viz::parse_markdown(text), {0.9249, -2.5});
    };
    CHECK(missing("The weight is 0.92, or 92 %, or $92.5\\%$; $-2.5$.").empty());
    CHECK(missing("The weight is 0.93.") == std::vector<std::string>{"0.93"});
    CHECK(missing("| a |\n|---|\n| 91 % |\n") == std::vector<std::string>{"91 %"});
    CHECK(missing("```console\n$ x\n0.931\n```\n\nIt prints 0.93, in `0.77` code.").empty());
}

TEST_CASE("worked example 01: all its numbers are those of its commands") {
    check_accounted("1", {});
}

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
    const auto model = load_language_model(bundled_model_folder());
    check_accounted(
        "2", {static_cast<double>(model->info().parameters) / 1e6, chapters::cosine(king, sun),
              std::sqrt(10.0), std::sqrt(40.0), std::sqrt(17.0)});
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
    std::vector<double> known{0.01, 0.50, 0.59, place};
    add(known, at_one);
    add(known, after);
    check_accounted("3", known);
}

TEST_CASE("worked example 04: one row of attention, from the scores to the mix") {
    const Tensor3 q{{{2, 0, 2, 0}}};
    const Tensor3 k{{{2, 0, 0, 0}, {0, 1, 0, 1}, {1, 0, 0, 1}}};
    const Tensor3 v{{{4, 0, 0, 0}, {0, 4, 0, 0}, {0, 0, 4, 4}}};
    Record record = Record::all();
    const Tensor3 z = chapters::attention(q, k, v, Bias(), 0.5F, &record);
    const Activation &scores = record.cache().at("scores"), &pattern = record.cache().at("pattern");
    std::vector<std::string> quoted{"(2, 0, 2, 0)", "| 1 | (2, 0, 0, 0) | (4, 0, 0, 0) |",
                                    "| 2 | (0, 1, 0, 1) | (0, 4, 0, 0) |",
                                    "| 3 | (1, 0, 0, 1) | (0, 0, 4, 4) |", in_brackets(z, 3)};
    std::vector<double> known;
    for (const Real score : scores.values) {
        quoted.push_back("$" + fixed(double(score), 0) + "$");
        quoted.push_back(fixed(std::exp(double(score)), 3));
        known.push_back(std::exp(double(score)));
    }
    for (const Real share : pattern.values) quoted.push_back(fixed(double(share), 3));
    check_quoted("4", quoted);
    known.push_back(std::accumulate(known.begin(), known.end(), 0.0));
    add(known, pattern.values);
    add(known, z);
    known.push_back(1.0 / 5);  // equal shares of five tokens
    check_accounted("4", known);
}

TEST_CASE("worked example 05: what splitting moves in memory") {
    const Tensor2 x{{1, 2, 3, 4}, {5, 6, 7, 8}};
    const Tensor3 heads = chapters::split_heads(x, 2);
    std::string memory;
    for (const Real value : heads) memory += (memory.empty() ? "" : " ") + fixed(double(value), 0);
    check_quoted("5", {memory, "$(1, 2), (5, 6)$", "$(3, 4), (7, 8)$"});
    CHECK(heads(0, 1, 0) == 5);
    CHECK(heads(1, 0, 0) == 3);
    check_accounted("5", {});
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
    std::vector<double> known{std::sqrt(5.0), 25.0 / 4, std::sqrt(25.0 / 4)};
    known.push_back(1e-5);  // GPT-2's epsilon
    add(known, normed);
    add(known, small);
    check_accounted("6", known);
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
    std::vector<double> known{0.5, -0.75, 0.044715};  // two inputs, and the formula's constant
    const Tensor2 curve = chapters::gelu_exact(Tensor2{{3, -3, -0.75}});
    add(known, curve);
    const Tensor2 x = xt::reshape_view(xt::linspace<Real>(-8, 8, 16001), {Index{1}, Index{16001}});
    const double apart = double(xt::amax(xt::abs(chapters::gelu(x) - chapters::gelu_exact(x)))());
    CHECK(apart < 0.0005);
    CHECK(apart > 0.0004);
    known.push_back(0.0005);  // the bound that was just checked
    check_accounted("7", known);
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
    std::vector<double> known{0.5, 0.25, 0.15, 0.1, 0.7, 0.6, 0.4, 0.9};  // the example's own
    double sum = 0;
    for (const double share : {0.5, 0.25, 0.15, 0.1}) {
        known.push_back(share * share);
        sum += share * share;
    }
    add(known, std::array<double, 4>{sum, 0.5 + 0.25, 0.5 * 0.4, 0.4 * 0.9});
    add(known, chapters::probabilities(logits, 0.5F));
    add(known, two);
    known.push_back(double(beams(0, 2)));
    known.push_back(double(beams(1, 2)));
    check_accounted("9", known);
}

TEST_CASE("worked example 08: the stream is added to") {
    check_accounted("8", {0.5, 1 + 0.5, -1 + 0.5});
}

TEST_CASE("worked example 10: a loss, the gradient of a norm, the first step of AdamW") {
    const Tensor2 logits{{0, std::log(3.0F)}};
    const std::array<int, 1> target{0};
    const double loss = chapters::cross_entropy(logits, target);
    const Tensor2 d_logits = chapters::cross_entropy_backward(logits, target);
    CHECK(double(d_logits(0, 0)) == doctest::Approx(-0.75));
    CHECK(double(d_logits(0, 1)) == doctest::Approx(0.75));
    const Tensor2 x{{1, 2}, {3, 4}}, dy{{10}, {1}}, w{{0}, {0}};
    const auto linear = chapters::linear_backward(dy, x, w);
    const NormWeights plain{Tensor1{1, 1, 1, 1}, Tensor1{0, 0, 0, 0}, 0.0F};
    const Tensor2 row{{1, 3, 5, 7}}, up{{1, 0, 0, 0}};
    const auto norm = chapters::layer_norm_backward(up, row, plain);
    std::array<Real, 1> value{0}, mean{0}, square{0};
    const std::array<Real, 1> gradient{0.5F};
    train::AdamWOptions adamw;
    adamw.beta2 = 0.999;
    chapters::adamw_step(value, gradient, mean, square, 1, 1.0, adamw);
    CHECK(double(value[0]) == doctest::Approx(-1.0));  // one learning rate, downhill
    check_quoted("10", {"\\ln 4 = " + fixed(loss, 3), "= " + in_brackets(linear.dw, 0),
                        in_brackets(norm.dx, 3)});
    std::vector<double> known{loss, std::log(61.0)};
    add(known, norm.dx);
    add(known, mean);
    add(known, square);
    add(known, std::array<double, 5>{gradient[0], adamw.beta1, 1 - adamw.beta1, adamw.beta2,
                                     1 - adamw.beta2});
    const Real first = *norm.dx.begin();
    known.push_back(0.25);  // the mean of dy
    // That of dy n follows from the first number: dx = (dy - 1/4 - n mean(dy n)) / sqrt 5.
    const double along = (1 - 0.25 - double(first) * std::sqrt(5.0)) / (-3 / std::sqrt(5.0));
    known.push_back(along);
    const double normed[] = {-3, -1, 1, 3};
    for (std::size_t i = 0; i < 4; ++i)
        known.push_back(double(up(0, i)) - 0.25 - normed[i] / std::sqrt(5.0) * along);
    known.push_back(double(mean[0]) / std::sqrt(double(square[0])));
    for (const double share : {0.228, 0.045, 0.967})  // that the lesson's commands print
        known.push_back(-std::log(share));
}

TEST_CASE(
    "worked example 11: from config to parameters, orders of rows, positions, a next sentence") {
    const auto folder = assets_folder() / "models/stories260k";
    const auto model = load_language_model(folder);
    const ModelInfo& n = model->info();
    const Index table = n.vocabulary * n.width;
    const Index attention = 2 * n.width * (n.heads + n.kv_heads) * n.head_width;
    const Index feed_forward = 3 * n.width * n.ff_width;
    const Index block = attention + feed_forward + 2 * n.width;
    CHECK(table + n.layers * block + n.width == n.parameters);  // counted in the file
    std::vector<std::string> quoted;
    for (const Index number :
         {table, attention, feed_forward, block, n.layers * block, n.parameters}) {
        const std::string digits = std::to_string(number);
        quoted.push_back(digits.substr(0, digits.size() - 3) + "," +
                         digits.substr(digits.size() - 3));
    }
    const Tensor2 rows{{0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}};
    const std::array<int, 5> ids{0, 31414, 2, 1, 1};
    std::string order, positions;
    for (const Real row : chapters::half_split(rows, 1))
        order += (order.empty() ? "" : ", ") + fixed(double(row), 0);
    for (const int position : chapters::position_ids(ids, 1))
        positions += (positions.empty() ? "" : ", ") + std::to_string(position);
    quoted.insert(quoted.end(), {order, "`0 31414 2 1 1`", positions});
    const double follows = chapters::follows(Tensor1{2, 0});
    quoted.push_back("e^{-2}) = " + fixed(follows, 2));
    check_quoted("11", quoted);
    check_accounted("11", {follows, 1.0 / double(n.vocabulary)});
}
