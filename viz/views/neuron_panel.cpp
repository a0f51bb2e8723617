// Beside the curve: the chosen neuron, and the tokens it pushes.
#include <algorithm>

#include "viz/views/neurons_parts.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/tooltip.h"

namespace vitrine::viz {

namespace {

void note(const Theme& theme, const char* text) {
    ImGui::Dummy({0.0F, 0.5F * theme.unit});
    caption(theme, text, ImGui::GetContentRegionAvail().x);
}

/// What the neuron does to one token's logit at the chosen position.
void draw_push_card(const ViewContext& context, const NeuronsMemory& memory,
                    const std::vector<Bar>& bars, const std::vector<PushedToken>& tokens,
                    const BarsAnswer& answer) {
    if (answer.seen < 0 || answer.seen >= static_cast<Index>(tokens.size())) return;
    const Theme& theme = context.theme;
    const PushedToken& token = tokens[static_cast<std::size_t>(answer.seen)];
    const auto logit = static_cast<double>(token.logit);
    const auto out =
        static_cast<double>(memory.inputs.out[static_cast<std::size_t>(memory.neuron)]);
    const float column = 44.0F * theme.unit;
    begin_card_at(theme, {answer.low.x, answer.high.y + theme.unit});
    card_heading(theme, bars[static_cast<std::size_t>(answer.seen)].label);
    card_row(theme, context.say("An output of 1 adds", "1을 내보내면"), two_decimals(logit),
             column);
    card_row(theme, context.say("Here it gives out", "여기서 내보낸 값"), two_decimals(out),
             column);
    card_row(theme, context.say("So it adds", "그래서 더하는 값"), two_decimals(out * logit),
             column);
    end_card();
}

void draw_push(ViewContext& context, NeuronsMemory& memory, const char* id,
               const std::vector<Bar>& bars, const std::vector<PushedToken>& tokens,
               BarsState& state) {
    const Theme& theme = context.theme;
    BarsInput input;
    input.id = id;
    input.bars = bars;
    input.width = ImGui::GetContentRegionAvail().x;
    input.row = 5.0F * theme.unit;
    input.full =
        std::max(1e-6, std::max(memory.raised.empty() ? 0.0 : memory.raised.front().value,
                                memory.lowered.empty() ? 0.0 : memory.lowered.front().value));
    input.label_title = context.say("token", "토큰");
    input.number_title = context.say("logit", "로짓");
    draw_push_card(context, memory, bars, tokens, draw_bars(theme, input, state));
}

}  // namespace

const char* curve_name(Activate kind) {
    switch (kind) {
        case Activate::gelu_tanh: return "GELU (tanh)";
        case Activate::gelu_exact: return "GELU";
        case Activate::relu: return "ReLU";
        case Activate::silu: return "SiLU";
        case Activate::quick_gelu: return "quick GELU";
    }
    return "";
}

void neuron_rows(const ViewContext& context, const NeuronsMemory& memory, Index neuron) {
    const Theme& theme = context.theme;
    const auto n = static_cast<std::size_t>(neuron);
    const float column = 40.0F * theme.unit;
    const auto row = [&](const char* name, Real value) {
        card_row(theme, name, two_decimals(static_cast<double>(value)), column);
    };
    card_heading(theme, context.say("Neuron ", "뉴런 ") + std::to_string(neuron));
    if (memory.gated) {
        row(context.say("Gate, in", "문에 들어온 값"), memory.inputs.gate[n]);
        row(context.say("Gate, after the curve", "곡선 뒤의 문"), memory.curved[n]);
        row(context.say("× value", "× 값"), memory.inputs.in[n]);
        row(context.say("= out", "= 나온 값"), memory.inputs.out[n]);
    } else {
        row(context.say("In", "들어온 값"), memory.inputs.in[n]);
        row(context.say("Out", "나온 값"), memory.inputs.out[n]);
    }
}

void draw_neuron(ViewContext& context, NeuronsMemory& memory) {
    const Theme& theme = context.theme;
    neuron_rows(context, memory, memory.neuron);
    if (memory.followed >= 0) {
        if (action_button(theme, context.say("Follow the strongest", "가장 센 뉴런 따라가기"))) {
            memory.followed = -1;
        }
    } else {
        note(theme, context.say("The strongest for this token. Click another to keep to it.",
                                "이 토큰에서 가장 센 뉴런이에요. 다른 뉴런을 누르면 그 뉴런에 "
                                "머물러요."));
    }
    if (memory.shown->run->model->decoder() == nullptr) {
        note(theme,
             context.say("What it gives out does not go straight to the tokens of a "
                         "vocabulary in this model, so no token can be said to be raised.",
                         "이 모델에서는 뉴런이 낸 값이 어휘의 토큰으로 바로 이어지지 않아서, "
                         "어느 토큰을 올리는지 말할 수 없어요."));
        return;
    }
    // The last neuron's stay until this one's are there, a moment later: nothing flickers.
    const bool there = !memory.raised.empty();
    note(theme, context.say("It raises these tokens most, for each 1 it gives out:",
                            "1을 내보낼 때마다 가장 많이 올리는 토큰:"));
    if (there) {
        draw_push(context, memory, "raised", memory.raised, memory.push.raised, memory.raised_bars);
        note(theme, context.say("And lowers these:", "가장 많이 내리는 토큰:"));
        draw_push(context, memory, "lowered", memory.lowered, memory.push.lowered,
                  memory.lowered_bars);
    } else {
        note(theme, context.say("Being worked out ...", "계산하고 있어요 ..."));
    }
    note(theme, context.say("Roughly: its output row times the unembedding. The last norm, and "
                            "what later blocks make of it, are left out.",
                            "어림값이에요. 뉴런의 출력 벡터에 언임베딩만 곱했고, 마지막 정규화와 "
                            "뒤 블록이 하는 일은 뺐어요."));
}

}  // namespace vitrine::viz
