#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "viz/view_stage.h"
#include "viz/views/encoder_decoder.h"
#include "viz/views/encoder_decoder_numbers.h"
#include "viz/views/encoder_decoder_parts.h"

using namespace vitrine;
using namespace vitrine::viz;

namespace {

bool holds(const std::string& all, const std::string& part) {
    return all.find(part) != std::string::npos;
}

const std::vector<int> source{5, 6, 7}, target{0, 8};

/// The middle of a cell of a map on the screen.
ImVec2 cell(const EncoderDecoderMemory& memory, Attends which, Index query, Index key) {
    const HeatmapState& state = memory.states[static_cast<std::size_t>(which)];
    return {state.plot.x + (static_cast<float>(key) + 0.5F) * state.cell,
            state.plot.y + (static_cast<float>(query) + 0.5F) * state.cell};
}

}  // namespace

TEST_CASE("encoder-decoder: the shapes, the masks and the seed") {
    const ActivationCache run = run_translator(source, target);
    using Shape = std::vector<Index>;
    for (const char* l : {"0", "1"}) {
        const std::string block = "blocks." + std::string(l);
        CHECK(run.at("encoder." + block + ".attn.pattern").shape == Shape{4, 3, 3});
        CHECK(run.at("decoder." + block + ".attn.pattern").shape == Shape{4, 2, 2});
        CHECK(run.at("decoder." + block + ".cross_attn.pattern").shape == Shape{4, 2, 3});
    }
    CHECK(run.at("encoder.blocks.0.attn.pattern").values[2] > 0.0F);   // what comes later is seen
    CHECK(run.at("decoder.blocks.0.attn.pattern").values[1] == 0.0F);  // and here it is not
    CHECK(run.at("encoder.blocks.0.attn.pattern").values ==
          run_translator(source, target).at("encoder.blocks.0.attn.pattern").values);
    // Another last word of the target changes nothing before it; another source does.
    const auto first_row = [](const ActivationCache& of) {
        const Activation& x = of.at("decoder.blocks.1.resid_post");
        return std::vector<Real>(x.values.begin(), x.values.begin() + translator_width);
    };
    CHECK(first_row(run) == first_row(run_translator(source, std::vector<int>{0, 9})));
    CHECK(first_row(run) != first_row(run_translator(std::vector<int>{5, 6, 9}, target)));
}

TEST_CASE("encoder-decoder: the cross pattern is softmax(q k) with the encoder's result as keys") {
    const ActivationCache run = run_translator(source, target);
    const EncoderDecoderWeights weights = random_translator();
    const Tensor2 memory =
        encode(fast_parts(), random_embedding(source), Bias(), weights, nullptr);  // [S, C]
    const AttentionWeights& cross = weights.decoder[0].cross;
    const Tensor2 k = cross.k(memory);
    const Activation& q = run.at("decoder.blocks.0.cross_attn.q");  // [H, T, D]
    const Activation& pattern = run.at("decoder.blocks.0.cross_attn.pattern");
    const Index H = 4, T = 2, S = 3, D = 16;
    for (Index h = 0; h < H; ++h) {
        for (Index t = 0; t < T; ++t) {
            std::vector<double> shares;
            double sum = 0.0;
            for (Index s = 0; s < S; ++s) {
                double product = 0.0;
                for (Index d = 0; d < D; ++d)
                    product += double(q.values[std::size_t((h * T + t) * D + d)]) *
                               double(k(s, h * D + d));
                shares.push_back(std::exp(product / 4.0));
                sum += shares.back();
            }
            for (Index s = 0; s < S; ++s) {
                // float32 products of 16 numbers near 1
                CHECK(double(pattern.values[std::size_t((h * T + t) * S + s)]) ==
                      doctest::Approx(shares[std::size_t(s)] / sum).epsilon(1e-4));
            }
        }
    }
}

TEST_CASE("encoder-decoder view: says that its weights are random, in both languages") {
    ViewStage stage({1400.0F, 900.0F});
    CHECK(holds(stage.text_of(draw_encoder_decoder), "Type something above"));
    stage.run = run_text(bundled_model(), "The king gave the book to his daughter");
    stage.settle(draw_encoder_decoder);
    const std::string text = stage.text_of(draw_encoder_decoder);
    CHECK(holds(text, "weights are random: the shapes and the masks are real, the meaning is not"));
    CHECK(holds(text, "encoder.blocks.0.attn.pattern  [4, 4, 4]"));
    CHECK(holds(text, "decoder.blocks.0.cross_attn.pattern  [4, 5, 4]"));
    stage.language = Language::korean;
    CHECK(holds(stage.text_of(draw_encoder_decoder), "가중치는 무작위예요"));
    stage.run = run_text(bundled_model(), "a");
    CHECK(holds(stage.text_of(draw_encoder_decoder), "토큰이 두 개는"));
}

TEST_CASE("encoder-decoder view: hover and keys look at cells of the run, the split moves") {
    ViewStage stage({1400.0F, 900.0F});
    stage.run = run_text(bundled_model(), "The king gave the book to his daughter");
    stage.settle(draw_encoder_decoder);
    auto& memory = stage.memory().of<EncoderDecoderMemory>();
    CHECK(memory.source.size() == 4);
    REQUIRE(memory.target.size() == 5);
    CHECK(memory.target.front() == "‹start›");
    const auto& cross = memory.pictures[static_cast<std::size_t>(Attends::cross)];
    CHECK(cross.image().width == 4);
    CHECK(cross.image().height == 5);
    stage.move_to(cell(memory, Attends::cross, 4, 2));
    stage.frames(draw_encoder_decoder, 2);
    CHECK(memory.rows[static_cast<std::size_t>(Attends::cross)] == 4);
    const AttendsMap map = map_of(memory, Attends::cross);
    Index most = 0;
    for (Index s = 1; s < 4; ++s) {
        if (map.weight(4, s) > map.weight(4, most)) most = s;
    }
    CHECK(holds(stage.text_of(draw_encoder_decoder),
                memory.target[4] + " looks most at " + memory.source[std::size_t(most)]));
    stage.click(draw_encoder_decoder, cell(memory, Attends::cross, 4, 2));
    CHECK(memory.target_token == 4);
    CHECK(memory.source_token == 2);
    stage.move_away();
    stage.frame(draw_encoder_decoder);
    stage.press(draw_encoder_decoder, ImGuiKey_UpArrow);
    stage.press(draw_encoder_decoder, ImGuiKey_LeftArrow);
    stage.press(draw_encoder_decoder, ImGuiKey_Enter);
    CHECK(memory.target_token == 3);
    CHECK(memory.source_token == 1);
    stage.press(draw_encoder_decoder, ImGuiKey_DownArrow);  // there are more rows than columns
    CHECK(memory.states[static_cast<std::size_t>(Attends::cross)].query == 4);
    memory.split = 2;
    stage.settle(draw_encoder_decoder);
    CHECK(memory.source.size() == 2);
    CHECK(memory.target.size() == 7);
    memory.layer = 1;
    stage.settle(draw_encoder_decoder);
    CHECK(holds(stage.text_of(draw_encoder_decoder), "decoder.blocks.1.cross_attn.pattern"));
}
