// The views with an encoder-decoder and with CLIP on the stage.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "lib/models/family_golden.h"
#include "viz/other_models.h"
#include "viz/view_stage.h"
#include "viz/views/attention.h"
#include "viz/views/attention_export.h"
#include "viz/views/attention_parts.h"
#include "viz/views/beams.h"
#include "viz/views/encoder_decoder.h"
#include "viz/views/encoder_decoder_parts.h"
#include "viz/views/masks.h"
#include "viz/views/model.h"
#include "viz/views/neurons.h"
#include "viz/views/neurons_parts.h"
#include "viz/views/next_parts.h"
#include "viz/views/next_token.h"
#include "viz/views/residual.h"
#include "viz/views/residual_parts.h"
#include "viz/views/steps.h"
#include "viz/views/steps_parts.h"

using namespace vitrine;
using namespace vitrine::viz;
using namespace vitrine::test;

namespace {

bool holds(const std::string& all, const std::string& part) {
    return all.find(part) != std::string::npos;
}

/// A run of T5 on the inputs of its golden, row 0: the target is given, not written.
std::shared_ptr<const Run> golden_run(const ModelInApp& t5) {
    const TensorFile file = t5.golden_file();
    auto run = std::make_shared<Run>();
    run->model = t5.model;
    run->text = t5.golden_text(0);
    encode_text(*run);
    run->target = encoding_of(*t5.model->tokenizer, ints_of(file, "decoder_input_ids", 0), true);
    Record record = Record::all();
    const TokenInput source{run->encoding.ids, {}, {}, &record};
    const EncoderDecoder& model = *t5.model->text_to_text();
    const auto writer = model.after(model.encode({&source, 1}).front());
    const Sequence target{run->target.ids, nullptr, &record};
    run->logits = writer->forward({&target, 1}).front();
    run->activations = record.take_cache();
    find_attention(*run);
    return run;
}

}  // namespace

TEST_CASE("T5 on the stage: the maps of all three attentions are those of transformers") {
    for (const char* name : {"t5", "t5-v1_1"}) {
        CAPTURE(name);
        const ModelInApp t5(name);
        const TensorFile file = t5.golden_file();
        ViewStage stage;
        stage.run = golden_run(t5);
        const Index S = stage.run->positions(), T = 9;
        for (const auto& [id, theirs] : {std::pair{"encoder", "encoder_attentions."},
                                         std::pair{"decoder", "decoder_attentions."},
                                         std::pair{"cross", "cross_attentions."}}) {
            stage.stage.stack = id;
            for (Index layer = 0; layer < 2; ++layer) {
                const Tensor4 golden = test::golden<4>(file, theirs + std::to_string(layer));
                for (Index head = 0; head < 4; ++head) {
                    stage.stage.layer = layer;
                    stage.stage.head = head;
                    stage.frame(draw_attention);
                    const ChosenMap& map = stage.memory().of<AttentionMemory>().map;
                    REQUIRE(map.T == (id == std::string("encoder") ? S : T));
                    REQUIRE(map.S == (id == std::string("decoder") ? T : S));
                    double largest = 0;
                    for (Index t = 0; t < map.T; ++t) {
                        for (Index s = 0; s < map.S; ++s)
                            largest = std::max(largest, std::abs(double(map.weight(t, s)) -
                                                                 double(golden(0, head, t, s))));
                    }
                    CHECK(largest < 1.2e-4);  // tests/fixtures/README.md
                    CHECK(map.sight.hides(0, 1) == (id == std::string("decoder")));
                }
            }
        }
    }
}

TEST_CASE("attention view: across, rows are what was written and columns what was read") {
    const ModelInApp t5("t5");
    ViewStage stage({1400.0F, 900.0F});
    stage.run = golden_run(t5);
    stage.stage.stack = "cross";
    stage.stage.layer = 1;
    stage.stage.head = 2;
    stage.frames(draw_attention, 2);
    const AttentionMemory& memory = stage.memory().of<AttentionMemory>();
    const ImVec2 cell{memory.heatmap.plot.x + 15.5F * memory.heatmap.cell,
                      memory.heatmap.plot.y + 3.5F * memory.heatmap.cell};
    stage.move_to(cell);
    stage.frames(draw_attention, 3);
    const std::string card = stage.text_of(draw_attention);
    INFO(card);
    CHECK(holds(card, "token that the model wrote"));
    CHECK(holds(card, "3  w23"));   // decoder_input_ids[3]
    CHECK(holds(card, "15  w21"));  // input_ids[15]
    CHECK(holds(card, "visible"));
    CHECK(stage.stage.hovered_position == -1);  // rows are no tokens of the text
    stage.click(draw_attention, cell);
    CHECK(stage.stage.pinned_query == 3);
    CHECK(stage.stage.pinned_key == 15);
    const float before = memory.heatmap.cell;
    ImGui::GetIO().MouseWheel = 2.0F;
    stage.frames(draw_attention, 2);
    CHECK(memory.heatmap.cell > 1.1F * before);
    CHECK(memory.heatmap.camera.left > 0.0);  // zoomed about the pointer, far to the right
    CHECK(memory.heatmap.camera.top == 0.0);  // 9 rows fit still
    CHECK(memory.seen_key == 15);

    const std::string csv = attention_csv(memory.map, memory.query_labels(), memory.key_labels());
    CHECK(std::count(csv.begin(), csv.end(), '\n') == 1 + 9);
    CHECK(std::count(csv.begin(), csv.end(), ',') == 21 * (1 + 9));
    ViewContext context = stage.context();
    const AttentionPicture picture = attention_picture(context, memory);
    CHECK(picture.texts.size() == 2 + 21 + 9);
    CHECK(picture.name == "vitrine-cross-L1-H2");
    CHECK(painted(picture).width > painted(picture).height);

    stage.stage.lines = true;
    stage.move_away();
    stage.frames(draw_attention, 3);
    stage.stage.stack = "encoder";
    stage.frames(draw_attention, 3);
    CHECK(memory.map.T == 21);
    stage.stage.stack = "nothing of the kind";
    stage.frames(draw_attention, 2);
    CHECK(memory.stack->id == "encoder");
}

TEST_CASE(
    "attention view: patches are named by row and column; without a picture it asks for one") {
    const ModelInApp clip("clip");
    ViewStage stage({1400.0F, 900.0F});
    stage.stage.stack = "picture";
    stage.run = clip.run("w0 w5 w1");
    CHECK(holds(stage.text_of(draw_attention), "Drop a picture on this window"));
    stage.language = Language::korean;
    CHECK(holds(stage.text_of(draw_attention), "끌어다 놓으세요"));
    stage.language = Language::english;
    stage.run = clip.run("w0 w5 w1", picture_of_clip());
    stage.frames(draw_attention, 2);
    const AttentionMemory& memory = stage.memory().of<AttentionMemory>();
    REQUIRE(memory.map.T == 17);
    CHECK(memory.query_labels()[0] == "‹class›");
    CHECK(memory.query_labels()[1] == "row 1, col 1");
    CHECK(memory.query_labels()[7] == "row 2, col 3");
    CHECK(memory.query_labels()[16] == "row 4, col 4");
    CHECK_FALSE(memory.map.sight.hides(0, 16));
    stage.stage.stack = "text";
    stage.frames(draw_attention, 2);
    CHECK(memory.map.T == 3);
    CHECK(memory.map.sight.hides(0, 1));
}

TEST_CASE("encoder-decoder view: with T5 on the stage its own maps, nothing of the random one") {
    const ModelInApp t5("t5");
    ViewStage stage({1400.0F, 900.0F});
    stage.run = golden_run(t5);
    stage.settle(draw_encoder_decoder);
    auto& memory = stage.memory().of<EncoderDecoderMemory>();
    const std::string text = stage.text_of(draw_encoder_decoder);
    INFO(text);
    CHECK_FALSE(holds(text, "random"));
    CHECK(holds(text, "decoder.blocks.0.cross_attn.pattern  [4, 9, 21]"));
    CHECK(&map_of(memory, Attends::cross).weights[0] ==
          &stage.run->activations.at("decoder.blocks.0.cross_attn.pattern").values[0]);
    memory.layer = 1;
    memory.head = 3;
    stage.frames(draw_encoder_decoder, 2);
    CHECK(holds(stage.text_of(draw_encoder_decoder), "encoder.blocks.1.attn.pattern  [4, 21, 21]"));
    // Another model on the stage: the translator is back.
    stage.run = run_text(bundled_model(), "The king gave the book");
    stage.settle(draw_encoder_decoder);
    CHECK(holds(stage.text_of(draw_encoder_decoder), "weights are random"));
}

TEST_CASE("next token view: at each token that T5 wrote, what could have followed") {
    const ModelInApp t5("t5");
    ViewStage stage;
    const auto run = t5.run(t5.golden_text(0));
    stage.run = run;
    stage.stage.position = 2;
    stage.frames(draw_next, 2);
    const NextMemory& memory = stage.memory().of<NextMemory>();
    CHECK(memory.position == 2);
    CHECK(memory.actual == run->target.ids[3]);
    CHECK(memory.distribution.likeliest.front().id == memory.actual);  // it wrote the likeliest
    CHECK(holds(stage.text_of(draw_next), "wrote the tokens below"));
    ViewContext context = stage.context();
    append_candidate(context, memory, 0);
    CHECK_FALSE(stage.wishes.has_set_text);
    stage.stage.position = 5000;
    stage.frames(draw_next, 2);
    CHECK(memory.position == Index(run->target.ids.size()) - 1);
    CHECK(memory.actual == -1);  // nothing followed: it was stopped there
}

TEST_CASE("step by step: what T5 adds by distance is in the shares, and nothing is hidden") {
    const ModelInApp t5("t5");
    const auto run = t5.run(t5.golden_text(0));
    for (Index head = 0; head < 4; ++head) {
        const HeadNumbers n = head_numbers(*run, run->stacks.front(), 1, head);
        REQUIRE(n.complete());
        CHECK(n.scale == 1.0F);
        CHECK(n.seen(3) == std::pair<Index, Index>{0, n.T});
        const std::vector<Real> scores = n.seen_scores(3);
        const auto largest = double(*std::max_element(scores.begin(), scores.end()));
        double sum = 0;
        for (const Real score : scores) sum += std::exp(double(score) - largest);
        for (Index key = 0; key < n.T; ++key) {
            const double share = std::exp(double(scores[std::size_t(key)]) - largest) / sum;
            // scores of up to 30 in float32: 2^-24 * 30 of each weight
            CHECK(double(n.pattern_row(3)[std::size_t(key)]) ==
                  doctest::Approx(share).epsilon(1e-4));
        }
    }
}

TEST_CASE("step by step: every stack's shares follow from its queries and keys") {
    const ModelInApp t5("t5"), clip("clip");
    for (const auto& run : {t5.run(t5.golden_text(0)), clip.run("w5 w6 w7", picture_of_clip())}) {
        for (const AttentionStack& stack : run->stacks) {
            CAPTURE(stack.id);
            const HeadNumbers n = head_numbers(*run, stack, 1, 3);
            REQUIRE(n.complete());
            CHECK(n.T == run->positions(stack.queries));
            CHECK(n.S == run->positions(stack.keys));
            const Index query = n.T - 1;
            std::vector<double> raised;
            double sum = 0;
            for (Index key = 0; key < n.S; ++key) {
                double score = 0;
                for (std::size_t d = 0; d < std::size_t(n.D); ++d)
                    score += double(n.query(query)[d]) * double(n.key(key)[d]);
                score =
                    score * double(n.scale) + (n.bias.size() != 0 ? double(n.bias(query, key)) : 0);
                raised.push_back(std::exp(score));
                sum += raised.back();
            }
            std::vector<double> mix(std::size_t(n.D), 0.0);
            for (Index key = 0; key < n.S; ++key) {
                const double share = raised[std::size_t(key)] / sum;
                CHECK(double(n.pattern_row(query)[std::size_t(key)]) ==
                      doctest::Approx(share).epsilon(1e-3));
                for (std::size_t d = 0; d < mix.size(); ++d)
                    mix[d] += share * double(n.value(key)[d]);
            }
            for (std::size_t d = 0; d < mix.size(); ++d)
                CHECK(double(n.mix(query)[d]) == doctest::Approx(mix[d]).epsilon(1e-3));
            if (stack.queries != stack.keys) continue;
            const std::vector<double> origin = rollout({*run, &stack}, stack.layers(), query);
            double all = 0;
            for (const double share : origin) all += share;
            CHECK(all == doctest::Approx(1).epsilon(1e-4));
        }
    }
}

TEST_CASE(
    "step by step: across, a written token looks at the text, from the product to the origin") {
    const ModelInApp t5("t5");
    ViewStage stage({1000.0F, 900.0F});
    stage.run = golden_run(t5);
    stage.stage.stack = "cross";
    stage.stage.layer = 1;
    stage.stage.pinned_query = 3;
    stage.stage.pinned_key = 15;
    auto& memory = stage.memory().of<StepsMemory>();
    for (int step = 0; step < step_count; ++step) {
        memory.step = step;
        stage.settle(draw_attention_steps);
        const std::string text = stage.text_of(draw_attention_steps);
        INFO(text);
        CHECK(holds(text, "3  w23"));   // decoder_input_ids[3]
        CHECK(holds(text, "15  w21"));  // input_ids[15]
        if (step == static_cast<int>(Step::mask))
            CHECK(holds(text, "that was read may be looked at"));
        if (step == static_cast<int>(Step::origin))
            CHECK(holds(text, "What the encoder hands over"));
    }
    CHECK(memory.numbers.T == 9);
    CHECK(memory.numbers.S == stage.run->positions());
}

TEST_CASE(
    "residual stream and neurons: of T5's decoder with what looks across, of CLIP's pictures") {
    const ModelInApp t5("t5"), clip("clip");
    ViewStage stage({1200.0F, 900.0F});
    stage.run = golden_run(t5);
    stage.stage.stack = "decoder";
    stage.stage.layer = 1;
    stage.stage.position = 4;
    stage.settle(draw_residual);
    const auto& residual = stage.memory().of<ResidualMemory>();
    const auto vector = [&](const std::string& name) {
        const Activation& all = stage.run->activations.at(name);
        const auto C = std::size_t(all.shape[1]);
        return std::span(all.values).subspan(4 * C, C);
    };
    REQUIRE(residual.branches.size() == 2 * 3);
    const BranchStep& across = residual.branches[4];
    CHECK(across.layer == 1);
    CHECK(across.branch == Branch::across);
    CHECK(across.stream == doctest::Approx(length_of(vector("decoder.blocks.1.resid_mid"))));
    CHECK(across.added == doctest::Approx(length_of(vector("decoder.blocks.1.cross_attn_out"))));
    CHECK(residual.branches[5].stream ==
          doctest::Approx(length_of(vector("decoder.blocks.1.resid_cross"))));
    REQUIRE(residual.strips.size() == 10);
    CHECK(residual.strips[5].values.data() == vector("decoder.blocks.1.cross_attn_out").data());
    CHECK(holds(stage.text_of(draw_residual), "across"));
    CHECK(residual.labels()[3] == "w23");  // decoder_input_ids[3]
    stage.stage.step = "tokens";
    stage.settle(draw_residual);
    CHECK(residual.depth->positions == 9);
    stage.stage.stack = "encoder";
    stage.settle(draw_residual);
    CHECK(residual.branches.size() == 2 * 2);
    CHECK(residual.depth->positions == stage.run->positions());

    stage.stage.stack = "decoder";
    stage.settle(draw_neurons);
    auto& neurons = stage.memory().of<NeuronsMemory>();
    CHECK(neurons.inputs.out.data() == vector("decoder.blocks.1.mlp_post").data());
    CHECK(neurons.at_tokens.size() == 9);
    neurons.followed = 7;
    stage.stage.stack = "cross";  // the same blocks
    stage.settle(draw_neurons);
    CHECK(neurons.neuron == 7);
    stage.stage.stack = "encoder";
    stage.settle(draw_neurons);
    CHECK(neurons.followed == -1);
    CHECK(neurons.inputs.out.data() == vector("encoder.blocks.1.mlp_post").data());

    stage.run = clip.run("w5 w6");
    stage.stage.stack = "picture";
    CHECK(holds(stage.text_of(draw_residual), "picture"));
    CHECK(holds(stage.text_of(draw_neurons), "picture"));
    stage.run = clip.run("w5 w6", picture_of_clip());
    stage.settle(draw_residual);
    stage.settle(draw_neurons);
    CHECK(residual.branches[0].stream ==
          doctest::Approx(length_of(vector("vision.blocks.0.resid_pre"))));
    CHECK(neurons.inputs.out.data() == vector("vision.blocks.1.mlp_post").data());
    CHECK(residual.labels()[1] == "row 1, col 1");
}

TEST_CASE("all views: something to see with T5 and CLIP, and no word of what they don't do") {
    const ModelInApp t5("t5"), clip("clip");
    const std::string text = "w5 w6\nw7 w8";
    const std::vector<std::shared_ptr<const Run>> runs{t5.run(text), clip.run(text),
                                                       clip.run(text, picture_of_clip())};
    for (const ImVec2 size : {ImVec2{1100.0F, 800.0F}, ImVec2{480.0F, 640.0F}}) {
        ViewStage stage(size);
        for (const Language language : {Language::english, Language::korean}) {
            stage.language = language;
            for (const auto& run : runs) {
                stage.run = run;
                for (const View& view : views()) {
                    CAPTURE(std::string(view.id));
                    stage.settle(view.draw);
                    CHECK(stage.text_of(view.draw).size() > 20);
                }
            }
        }
    }
    ViewStage stage;
    stage.run = runs[0];
    CHECK(holds(stage.text_of(draw_model), "a text of its own"));
    stage.settle(draw_masks);
    CHECK(holds(stage.text_of(draw_masks), "T5, BART, and the model on this stage"));
    stage.run = runs[1];
    CHECK(holds(stage.text_of(draw_beams), "compares pictures with texts"));
    CHECK(holds(stage.text_of(draw_next), "compares pictures with texts"));
}
