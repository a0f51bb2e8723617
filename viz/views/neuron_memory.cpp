// What the neurons view derives from a run.
#include <algorithm>
#include <array>
#include <cmath>

#include "viz/views/neurons_parts.h"
#include "viz/views/next_parts.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

constexpr std::size_t listed = 20;
constexpr int histogram_bins = 48;

/// The range of the plot: all that goes in, and at least the bend of the curve around 0.
void fit_plot(NeuronsMemory& memory) {
    const std::span<const Real> in = memory.inputs.curved();
    const auto [low, high] = std::minmax_element(in.begin(), in.end());
    CurvePlot& plot = memory.plot;
    plot.left = std::min(-4.0F, std::floor(*low));
    plot.right = std::max(3.0F, std::ceil(*high));
    memory.curve = curve_points(memory.kind, plot.left, plot.right, 241);
    const auto [bottom, top] = std::minmax_element(memory.curve.begin(), memory.curve.end());
    const float margin = 0.06F * (*top - *bottom);
    plot.bottom = *bottom - margin;
    plot.top = *top + margin;
    memory.bins.assign(histogram_bins, 0);
    for (const Real x : in) {
        const float place = (x - plot.left) / (plot.right - plot.left) * histogram_bins;
        ++memory.bins[static_cast<std::size_t>(
            std::clamp(static_cast<int>(place), 0, histogram_bins - 1))];
    }
}

void make_table(const ViewContext& context, NeuronsMemory& memory) {
    memory.rows.clear();
    memory.columns.clear();
    std::array<double, 3> full{1e-6, 1e-6, 1e-6};
    for (const Index neuron : memory.strongest) {
        const auto n = static_cast<std::size_t>(neuron);
        ValueRow row;
        row.label = std::to_string(neuron);
        const auto in = static_cast<double>(memory.inputs.in[n]);
        const auto out = static_cast<double>(memory.inputs.out[n]);
        if (memory.gated) {
            row.values = {static_cast<double>(memory.curved[n]), in, out};
        } else {
            row.values = {in, out};
        }
        for (std::size_t c = 0; c < 3; ++c) full[c] = std::max(full[c], std::abs(row.values[c]));
        memory.rows.push_back(row);
    }
    const auto column = [&](const char* title, std::size_t c) {
        const bool is_signed =
            std::any_of(memory.rows.begin(), memory.rows.end(),
                        [&](const ValueRow& row) { return row.values[c] < 0.0; });
        memory.columns.push_back({title, full[c], is_signed});
    };
    if (memory.gated) {
        column(context.say("gate, curved", "문 (곡선 뒤)"), 0);
        column(context.say("× value", "× 값"), 1);
        column(context.say("= out", "= 나온 값"), 2);
    } else {
        column(context.say("in", "들어온 값"), 0);
        column(context.say("out", "나온 값"), 1);
    }
}

void take_position(ViewContext& context, NeuronsMemory& memory) {
    memory.inputs = neurons_at(memory.tower(), memory.layer, memory.position);
    const FeedForwardWeights* weights = feed_forward_of(memory.tower(), memory.layer);
    memory.kind = weights ? weights->activation : Activate::gelu_tanh;
    memory.gated = !memory.inputs.gate.empty();
    const std::span<const Real> in = memory.inputs.curved();
    const Tensor2 curved =
        fast_parts().activation(Ref2(in.data(), {1, static_cast<Index>(in.size())}), memory.kind);
    memory.curved.assign(curved.begin(), curved.end());
    memory.strongest = strongest_neurons(memory.inputs.out, listed);
    memory.order = by_input(in);
    memory.firing = std::count_if(memory.inputs.out.begin(), memory.inputs.out.end(),
                                  [](Real value) { return value > 0.0F; });
    memory.key_place = -1;
    fit_plot(memory);
    make_table(context, memory);
}

void take_neuron(NeuronsMemory& memory) {
    memory.at_tokens.clear();
    float largest = 1e-6F;
    for (Index t = 0; t < memory.tower().positions(); ++t) {
        const NeuronInputs inputs = neurons_at(memory.tower(), memory.layer, t);
        memory.at_tokens.push_back(inputs.out[static_cast<std::size_t>(memory.neuron)]);
        largest = std::max(largest, std::abs(memory.at_tokens.back()));
    }
    memory.limit = largest;
}

std::vector<Bar> push_bars(const Run& run, const std::vector<PushedToken>& tokens) {
    std::vector<Bar> bars;
    for (const PushedToken& token : tokens) {
        Bar bar;
        bar.label = displayable(token_text(run, token.id));
        bar.value = std::abs(static_cast<double>(token.logit));
        bar.number = two_decimals(static_cast<double>(token.logit));
        bars.push_back(std::move(bar));
    }
    return bars;
}

}  // namespace

void take_push(NeuronsMemory& memory, const NeuronPush& push) {
    memory.push = push;
    memory.raised = push_bars(*memory.shown->run, push.raised);
    memory.lowered = push_bars(*memory.shown->run, push.lowered);
}

bool refresh(ViewContext& context, NeuronsMemory& memory) {
    const Run& run = *context.run;
    if (!run.model) return false;
    const Tower tower = chosen_tower(run, context.stage);
    const Index T = tower.positions();
    const Index layer = std::clamp<Index>(context.stage.layer, 0, tower.layers() - 1);
    const Index wanted = context.stage.position;
    const Index position = wanted < 0 || wanted >= T ? T - 1 : wanted;
    const NeuronInputs inputs = neurons_at(tower, layer, position);
    if (inputs.in.empty() || inputs.out.empty()) return false;
    const std::shared_ptr<const ShownTokens> before = memory.shown;
    const std::string blocks_before = before ? memory.tower().prefix() : "";
    const bool other_run = take_shown(context, memory.shown) || memory.stack != tower.stack();
    memory.stack = tower.stack();
    if (other_run) {
        if (before && (before->run->model != run.model || blocks_before != tower.prefix())) {
            memory.followed = -1;
            memory.raised.clear();
            memory.lowered.clear();
        }
        memory.push = {};  // of another model, perhaps
    }
    const bool other_layer = memory.layer != layer;
    if (other_layer) memory.followed = -1;  // number 710 of another block is another neuron
    const bool other_place = other_run || other_layer || memory.position != position;
    if (other_place) {
        memory.layer = layer;
        memory.position = position;
        take_position(context, memory);
    }
    const Index neuron = memory.followed >= 0 ? memory.followed : memory.strongest.front();
    if (other_place || memory.neuron != neuron) {
        memory.neuron = neuron;
        take_neuron(memory);
    }
    return true;
}

void choose_neuron(NeuronsMemory& memory, Index neuron) {
    memory.followed = memory.followed == neuron ? -1 : neuron;
}

}  // namespace vitrine::viz
