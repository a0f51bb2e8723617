#include <doctest/doctest.h>

#include <cmath>

#include "viz/view_stage.h"
#include "viz/views/neurons.h"
#include "viz/views/neurons_parts.h"

using namespace vitrine;
using namespace vitrine::viz;

namespace {

bool holds(const std::string& all, const std::string& part) {
    return all.find(part) != std::string::npos;
}

/// A run of the king's daughter, at the block and token that chapter 07 tells of.
void set_daughter(ViewStage& stage) {
    stage.run = run_text(bundled_model(), "The king said to his daughter");
    stage.stage.layer = 3;
    stage.stage.position = 6;
}

}  // namespace

TEST_CASE("neurons view: the strongest neuron and the firing count are those of chapter 07") {
    ViewStage stage({1200.0F, 900.0F});
    set_daughter(stage);
    stage.frame(draw_neurons);
    const NeuronsMemory& memory = stage.memory().of<NeuronsMemory>();
    CHECK(memory.neuron == 1009);
    CHECK(memory.firing == 168);
    CHECK(holds(stage.text_of(draw_neurons), "168 of 1,024 neurons are above 0"));
    CHECK(memory.kind == Activate::gelu_tanh);
    // The curve is the one that the model itself went through.
    const auto n = std::size_t{1009};
    CHECK(memory.curved[n] == doctest::Approx(memory.inputs.out[n]).epsilon(1e-5));
    // The plot holds every dot.
    for (std::size_t i = 0; i < memory.curved.size(); ++i) {
        CHECK(memory.inputs.in[i] >= memory.plot.left);
        CHECK(memory.inputs.in[i] <= memory.plot.right);
        CHECK(memory.curved[i] <= memory.plot.top);
    }
    REQUIRE(memory.at_tokens.size() == 7);
    CHECK(memory.at_tokens[6] == memory.inputs.out[n]);
    // What it pushes comes from the background.
    stage.settle(draw_neurons);
    CHECK(memory.push.neuron == 1009);
    CHECK(memory.raised.size() == memory.push.raised.size());
}

TEST_CASE("neurons view: what a neuron pushes is its output row against every token's vector") {
    const auto model = bundled_model();
    const auto& weights = model->decoder()->weights();
    const NeuronPush push = push_of(weights, 3, 1009, 5);
    REQUIRE(push.raised.size() == 5);
    REQUIRE(push.lowered.size() == 5);
    CHECK(push.raised[0].logit >= push.raised[4].logit);
    CHECK(push.lowered[0].logit <= push.lowered[4].logit);
    // By hand: the sum over C of row n and the token's row of the unembedding.
    const auto C = static_cast<std::size_t>(weights.unembed.columns);
    std::vector<Real> row(C), token(C);
    weights.blocks[3].mlp.out.matrix().read_row(1009, row.data());
    float most = -1e9F;
    for (Index id = 0; id < weights.unembed.rows; ++id) {
        weights.unembed.read_row(id, token.data());
        float sum = 0.0F;
        for (std::size_t c = 0; c < C; ++c) sum += row[c] * token[c];
        most = std::max(most, sum);
    }
    // Two sums of 256 products in another order.
    CHECK(push.raised[0].logit == doctest::Approx(most).epsilon(1e-4));
}

TEST_CASE("neurons view: a click on a dot keeps to that neuron; arrows and Enter do, too") {
    ViewStage stage({1200.0F, 900.0F});
    set_daughter(stage);
    stage.frames(draw_neurons, 2);
    NeuronsMemory& memory = stage.memory().of<NeuronsMemory>();
    const Index second = memory.strongest[1];
    const auto n = static_cast<std::size_t>(second);
    stage.click(draw_neurons, memory.plot.at(memory.inputs.in[n], memory.curved[n]));
    CHECK(memory.followed == second);
    stage.frame(draw_neurons);
    CHECK(memory.neuron == second);
    CHECK(holds(stage.text_of(draw_neurons), "Neuron " + std::to_string(second)));
    stage.move_away();
    stage.frame(draw_neurons);
    stage.press(draw_neurons, ImGuiKey_End);  // the dot furthest to the right
    CHECK(memory.seen == memory.order.back());
    stage.press(draw_neurons, ImGuiKey_Enter);
    CHECK(memory.followed == memory.order.back());
    // Another block has other neurons.
    stage.stage.layer = 1;
    stage.frame(draw_neurons);
    CHECK(memory.neuron == memory.strongest.front());
}

TEST_CASE("neurons view: without a gate it offers a model that has one") {
    ViewStage stage({1200.0F, 900.0F});
    set_daughter(stage);
    stage.frames(draw_neurons, 2);
    const char* label = "Show SwiGLU with stories260k";
    CHECK(holds(stage.text_of(draw_neurons), label));
    CHECK(stage.wishes.choose_model.empty());
    ImGui::ActivateItem(ImGui::FindWindowByName("stage")->GetID(label));
    stage.frames(draw_neurons, 2);
    CHECK(stage.wishes.choose_model == "stories260k");
    stage.language = Language::korean;
    CHECK(holds(stage.text_of(draw_neurons), "stories260k로 SwiGLU 보기"));
}

TEST_CASE("neurons view: of a gated model, gate times value is what goes out") {
    ViewStage stage({1200.0F, 900.0F});
    set_daughter(stage);
    // The names of a gated run, with numbers to check by hand: silu(1) * 3 = 2.193, silu(-1) * 4 =
    // -1.076.
    auto run = std::make_shared<Run>(*stage.run);
    auto keep = [&](const char* name, std::vector<Real> row) {
        std::vector<Real> all;
        for (Index t = 0; t < run->positions(); ++t) all.insert(all.end(), row.begin(), row.end());
        run->activations[std::string("blocks.3.") + name] = {"TF", {run->positions(), 2}, all};
    };
    keep("mlp_gate", {1.0F, -1.0F});
    keep("mlp_pre", {3.0F, 4.0F});
    keep("mlp_post", {2.193F, -1.076F});
    stage.run = run;
    stage.frames(draw_neurons, 2);
    const NeuronsMemory& memory = stage.memory().of<NeuronsMemory>();
    CHECK(memory.gated);
    REQUIRE(memory.rows.size() == 2);
    CHECK(memory.rows[0].values[1] == 3.0);
    CHECK(memory.rows[0].values[2] == doctest::Approx(2.193));
    CHECK(memory.columns.size() == 3);
    CHECK(memory.inputs.curved()[1] == -1.0F);  // the gate is what goes through the curve
    const std::string text = stage.text_of(draw_neurons);
    CHECK(holds(text, "multiplied by its value"));
    CHECK_FALSE(holds(text, "Show SwiGLU"));
}

TEST_CASE("neurons view: without a run, or without activations, it says so") {
    ViewStage stage;
    CHECK(holds(stage.text_of(draw_neurons), "Type something above"));
    auto empty = std::make_shared<Run>(*run_text(bundled_model(), "The"));
    empty->activations.clear();
    stage.run = empty;
    CHECK(holds(stage.text_of(draw_neurons), "No neurons were kept"));
}
