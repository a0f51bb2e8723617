#include "viz/views/neurons.h"

#include <algorithm>
#include <functional>

#include "viz/views/neurons_parts.h"
#include "viz/views/states.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

constexpr const char* gated_model = "stories260k";
constexpr std::size_t pushed_tokens = 6;

/// Asks for the push of the neuron that is shown, and takes what is there.
void ask_push(ViewContext& context, NeuronsMemory& memory) {
    const std::shared_ptr<const LoadedModel> model = memory.shown->run->model;
    const auto* decoder = model->decoder();
    if (decoder == nullptr) return;
    const Index layer = memory.layer, neuron = memory.neuron;
    if (memory.push.layer == layer && memory.push.neuron == neuron) return;
    const std::size_t id = std::hash<std::string>{}(model->folder + " " + std::to_string(layer) +
                                                    " " + std::to_string(neuron));
    const auto answer = context.background.ask<NeuronPush>(
        "neuron push", id, [model, decoder, layer, neuron](const std::stop_token&) {
            return std::make_shared<const NeuronPush>(
                push_of(decoder->weights(), layer, neuron, pushed_tokens));
        });
    if (answer.value && answer.id == id) take_push(memory, *answer.value);
}

/// The text, each token coloured by what the chosen neuron gives out there.
void draw_text(ViewContext& context, NeuronsMemory& memory) {
    const Theme& theme = context.theme;
    std::vector<ImU32> fills;
    for (const float value : memory.at_tokens) {
        fills.push_back(theme.diverging(0.6F * value / memory.limit));
    }
    const ChipsAnswer answer =
        draw_token_row(context, memory.text, memory.labels(), memory.position, &fills);
    if (answer.seen < 0) return;
    const auto t = static_cast<std::size_t>(answer.seen);
    begin_card_at(theme, {answer.low.x, answer.high.y + theme.unit});
    card_heading(theme, memory.labels()[t]);
    card_row(theme, (context.say("Neuron ", "뉴런 ") + std::to_string(memory.neuron)).c_str(),
             two_decimals(static_cast<double>(memory.at_tokens[t])), 30.0F * theme.unit);
    card_note(theme, context.say("Click to look at this token.", "누르면 이 토큰을 봐요."),
              70.0F * theme.unit);
    end_card();
}

/// "72 of 1,024 neurons are above 0 for ·daughter"
std::string firing_sentence(const ViewContext& context, const NeuronsMemory& memory) {
    const std::string token = memory.labels()[static_cast<std::size_t>(memory.position)];
    const std::string firing = count_text(memory.firing);
    const std::string all = count_text(static_cast<Index>(memory.inputs.out.size()));
    if (context.language == Language::korean) {
        const char* at =
            memory.tower().axis() == Axis::picture ? " 조각에서 뉴런 " : " 토큰에서 뉴런 ";
        return token + at + all + "개 가운데 " + firing + "개가 0보다 커요";
    }
    return firing + " of " + all + " neurons are above 0 for " + token;
}

void draw_controls(ViewContext& context, NeuronsMemory& memory) {
    const Theme& theme = context.theme;
    int layer = static_cast<int>(memory.layer);
    const Index layers = memory.tower().layers();
    if (captioned_slider(theme, "##block", context.say("Block", "블록"), layer, 0,
                         static_cast<int>(layers) - 1, "%d", 40.0F * theme.unit)) {
        context.stage.layer = layer;
    }
    if (memory.gated || memory.shown->run->model->name == gated_model) return;
    const char* label = context.say("Show SwiGLU with stories260k", "stories260k로 SwiGLU 보기");
    same_line_if_fits(theme, button_width(label));
    ImGui::SetCursorPosY(ImGui::GetCursorPosY() + theme.fonts.small->FontSize +
                         ImGui::GetStyle().ItemSpacing.y);  // level with the slider
    if (action_button(theme, label)) context.wishes.choose_model = gated_model;
    if (ImGui::IsItemHovered()) {
        begin_card(theme);
        card_note(theme,
                  context.say("This model's neurons have no gate. Llama's do: changes the model on "
                              "the stage to a small Llama.",
                              "이 모델의 뉴런에는 문이 없어요. Llama에는 있어요. 무대의 모델을 "
                              "작은 Llama로 바꿔요."),
                  80.0F * theme.unit);
        end_card();
    }
}

void draw_table(ViewContext& context, NeuronsMemory& memory, float width, float height) {
    const Theme& theme = context.theme;
    ValueTableInput input;
    input.id = "strongest";
    input.label_title = context.say("neuron", "뉴런");
    input.columns = memory.columns;
    input.width = width;
    input.row = 5.0F * theme.unit;
    // As many as the window has room for.
    const auto fitting = static_cast<std::size_t>(std::max(0.0F, height / input.row - 2.0F));
    input.rows = std::span<const ValueRow>(memory.rows)
                     .first(std::min(memory.rows.size(), std::max<std::size_t>(12, fitting)));
    const auto found = std::find(memory.strongest.begin(), memory.strongest.end(), memory.neuron);
    input.chosen = found == memory.strongest.end() ? -1 : found - memory.strongest.begin();
    if (input.chosen >= static_cast<Index>(input.rows.size())) input.chosen = -1;
    const ValueTableAnswer answer = draw_value_table(theme, input, memory.table);
    if (answer.clicked >= 0) {
        choose_neuron(memory, memory.strongest[static_cast<std::size_t>(answer.clicked)]);
    }
    if (answer.seen < 0) return;
    begin_card_at(theme, {answer.low.x + 10.0F * theme.unit, answer.high.y + theme.unit});
    neuron_rows(context, memory, memory.strongest[static_cast<std::size_t>(answer.seen)]);
    end_card();
}

void draw_body(ViewContext& context, NeuronsMemory& memory) {
    const Theme& theme = context.theme;
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const bool narrow = room.x < 190.0F * theme.unit;  // then the panel goes below
    const float gap = 4.0F * theme.unit;
    const float panel =
        narrow ? room.x : std::clamp(0.27F * room.x, 52.0F * theme.unit, 72.0F * theme.unit);
    const float rest = narrow ? room.x : room.x - panel - gap;
    // Three columns of a gated model need the whole of a narrow window.
    const bool stacked = narrow && memory.gated;
    const float table = stacked ? rest : (memory.gated ? 0.5F : 0.4F) * rest;
    const float curve = stacked ? rest : rest - table - gap;
    const float height = narrow ? 106.0F * theme.unit : room.y;
    ImGui::BeginGroup();
    draw_table(context, memory, table, stacked ? 0.0F : height);
    ImGui::EndGroup();
    if (stacked) {
        ImGui::Dummy({0.0F, theme.unit});
    } else {
        ImGui::SameLine(0.0F, gap);
    }
    ImGui::BeginGroup();
    draw_neuron_curve(context, memory, {curve, height});
    ImGui::EndGroup();
    if (narrow) {
        ImGui::Dummy({0.0F, 2.0F * theme.unit});
        draw_neuron(context, memory);
        return;
    }
    ImGui::SameLine(0.0F, gap);
    begin_panel(theme, "neuron", {panel, room.y});
    draw_neuron(context, memory);
    end_panel();
}

}  // namespace

void draw_neurons(ViewContext& context) {
    const Theme& theme = context.theme;
    if (draw_without_run(context)) return;
    NeuronsMemory& memory = context.memory.of<NeuronsMemory>();
    const bool there = refresh(context, memory);
    if (there) {
        explain(
            theme,
            memory.gated
                ? context.say("A dot is a neuron of this block, for the token that you choose. Its "
                              "gate goes through the curve and is multiplied by its value: only "
                              "where both are large does it fire.",
                              "점 하나가 고른 토큰에서 이 블록의 뉴런 하나예요. 문의 값이 곡선을 "
                              "지나 값과 곱해져요. 둘 다 커야 뉴런이 켜져요.")
                : context.say("A dot is a neuron of this block, for the token that you choose. The "
                              "curve presses what is below 0 to almost nothing; those on the right "
                              "fire. The text is coloured by the chosen neuron.",
                              "점 하나가 고른 토큰에서 이 블록의 뉴런 하나예요. 곡선은 0보다 작은 "
                              "값을 거의 0으로 누르고, 오른쪽의 뉴런은 켜져요. 글의 색은 고른 "
                              "뉴런이 낸 값이에요."));
    }
    draw_tower_choice(context);
    if (!there) {
        if (chosen_tower(*context.run, context.stage).axis() == Axis::picture)
            return draw_without_picture(context);
        draw_state(theme, context.say("No neurons were kept", "뉴런 기록이 없어요"),
                   context.say("This run holds no activations of a feed-forward network.",
                               "이번 실행에는 피드포워드의 활성값이 없어요."),
                   theme.muted);
        return;
    }
    ask_push(context, memory);
    draw_controls(context, memory);
    draw_text(context, memory);
    ImGui::TextUnformatted(displayable(firing_sentence(context, memory)).c_str());
    ImGui::Dummy({0.0F, 0.5F * theme.unit});
    draw_body(context, memory);
}

}  // namespace vitrine::viz
