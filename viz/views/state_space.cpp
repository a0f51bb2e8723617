#include "viz/views/state_space.h"

#include <algorithm>

#include "viz/views/state_space_parts.h"
#include "viz/views/states.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

constexpr std::array<const char*, 2> page_names{"state", "remembered"};

/// A link names a page as it names a step: "view:memory?step=remembered".
void follow_link(const ViewContext& context, StateSpaceMemory& memory) {
    if (memory.linked == context.stage.step) return;
    memory.linked = context.stage.step;
    for (std::size_t i = 0; i < page_names.size(); ++i) {
        if (memory.linked == page_names[i]) memory.page = static_cast<int>(i);
    }
}

void ask(ViewContext& context, StateSpaceMemory& memory) {
    const std::shared_ptr<const Run> run = memory.shown->run;
    const Index layer = memory.layer, channel = memory.followed;
    const auto take = [&](auto& into, const char* key, std::uint64_t id, const auto& compute) {
        using T = std::remove_cvref_t<decltype(compute(std::stop_token{}))>;
        const auto answer =
            context.background.ask<T>(key, id, [compute](const std::stop_token& stop) {
                return std::make_shared<const T>(compute(stop));
            });
        if (answer.value && answer.id == id) into = answer.value;
    };
    const std::uint64_t block = (run->serial << 12U) + static_cast<std::uint64_t>(layer);
    if (!memory.moves) {
        take(memory.moves, "state moves", run->serial,
             [run](const std::stop_token& stop) { return moves_of(*run, stop); });
    }
    if (!memory.state) {
        take(memory.state, "state of a block", block, [run, layer](const std::stop_token&) {
            return layer_state(*scan_of(*run, layer), layer);
        });
    }
    if (static_cast<StatePage>(memory.page) != StatePage::remembered) return;
    if (channel < 0 && !memory.remembered) {
        take(memory.remembered, "remembered", block, [run, layer](const std::stop_token& stop) {
            return remembered(*scan_of(*run, layer), stop);
        });
    }
    if (channel >= 0 && !memory.of_channel) {
        take(memory.of_channel, "remembered by a channel",
             (block << 20U) + static_cast<std::uint64_t>(channel),
             [run, layer, channel](const std::stop_token&) {
                 return remembered(*scan_of(*run, layer), channel);
             });
    }
}

/// Makes what belongs to the run, the block, the position and the channel.
/// @return  false if the model has no state
bool refresh(ViewContext& context, StateSpaceMemory& memory) {
    const Run& run = *context.run;
    if (!run.model) return false;
    const Index layer = std::clamp<Index>(context.stage.layer, 0, run.model->info().layers - 1);
    if (!scan_of(run, layer)) return false;
    const Index T = run.positions(), wanted = context.stage.position;
    const std::shared_ptr<const ShownTokens> before = memory.shown;
    const bool other_run = take_shown(context, memory.shown);
    if (other_run && before && before->run->model != run.model) memory.followed = -1;
    if (other_run) memory.moves = nullptr;
    if (other_run || memory.layer != layer) {
        if (memory.layer != layer) memory.followed = -1;  // channel 17 of another block is another
        memory.layer = layer;
        memory.state = nullptr;
        memory.numbers = nullptr;
        memory.remembered = nullptr;
        memory.of_channel = nullptr;
    }
    // What is left of a token is seen behind it: there the first is followed, not the last.
    const bool of_page = static_cast<StatePage>(memory.page) == StatePage::remembered;
    const Index usual = !of_page ? T - 1 : run.has_start && T > 1 ? 1 : 0;
    memory.position = wanted < 0 || wanted >= T ? usual : wanted;
    return true;
}

void follow_channel(StateSpaceMemory& memory, Index channel) {
    memory.followed = channel;
    memory.of_channel = nullptr;
}

/// "All channels", "Channel 17"
std::string channel_name(const ViewContext& context, const StateSpaceMemory& memory) {
    if (memory.followed < 0) return context.say("All channels", "모든 채널");
    const std::string channel = std::to_string(memory.followed);
    return context.language == Language::korean ? channel + "번 채널" : "Channel " + channel;
}

/// What is chosen in words, and a slider behind it.
bool named_slider(const Theme& theme, const char* id, const std::string& name, int& value, int low,
                  int high) {
    const float width = 30.0F * theme.unit;
    same_line_if_fits(theme, text_width(ImGui::GetFont(), name) + width + 4.0F * theme.unit);
    ImGui::AlignTextToFramePadding();
    ImGui::TextUnformatted(name.c_str());
    ImGui::SameLine(0.0F, 2.0F * theme.unit);
    ImGui::SetNextItemWidth(width);
    return ImGui::SliderInt(id, &value, low, high, "", ImGuiSliderFlags_AlwaysClamp);
}

void draw_controls(ViewContext& context, StateSpaceMemory& memory) {
    const Theme& theme = context.theme;
    const std::array<const char*, 2> pages{context.say("The state", "상태"),
                                           context.say("What is remembered", "남아 있는 기억")};
    segmented(theme, "pages", pages, memory.page);
    const bool korean = context.language == Language::korean;
    int layer = static_cast<int>(memory.layer);
    const int last = static_cast<int>(memory.shown->run->model->info().layers) - 1;
    const std::string block = std::to_string(layer);
    if (named_slider(theme, "##block", korean ? block + "번 블록" : "Block " + block, layer, 0,
                     last))
        context.stage.layer = layer;
    if (!memory.state) return;
    // Channels by strength: 0 is all of them, then the strongest.
    const std::vector<Index>& order = memory.state->order;
    const auto found = std::find(order.begin(), order.end(), memory.followed);
    int rank = found == order.end() ? 0 : static_cast<int>(found - order.begin()) + 1;
    if (named_slider(theme, "##channel", channel_name(context, memory), rank, 0,
                     static_cast<int>(order.size()))) {
        follow_channel(memory, rank == 0 ? -1 : order[static_cast<std::size_t>(rank) - 1]);
    }
}

/// The step sizes of the tokens: of the chosen channel, else their mean.
std::vector<Real> steps_of(const StateSpaceMemory& memory) {
    if (memory.followed < 0) return memory.state->steps;
    const ScanInputs scan = *scan_of(*memory.shown->run, memory.layer);
    std::vector<Real> steps;
    for (Index t = 0; t < scan.delta.shape[0]; ++t) steps.push_back(scan.delta(t, memory.followed));
    return steps;
}

/// The text, each token coloured by how much of it is let into the state.
void draw_text(ViewContext& context, StateSpaceMemory& memory) {
    const Theme& theme = context.theme;
    if (!memory.state) {
        draw_token_row(context, memory.text, memory.shown->labels, memory.position);
        caption(theme, " ", 1000.0F);
        return;
    }
    const std::vector<Real> steps = steps_of(memory);
    const Real largest = *std::max_element(steps.begin(), steps.end());
    std::vector<ImU32> fills;
    fills.reserve(steps.size());
    for (const Real step : steps)
        fills.push_back(theme.heat(0.6F * static_cast<float>(step / largest)));
    const ChipsAnswer answer =
        draw_token_row(context, memory.text, memory.shown->labels, memory.position, &fills);
    if (answer.clicked >= 0) context.stage.position = answer.clicked;  // the last one too
    if (answer.seen >= 0) {
        begin_card_at(theme, {answer.low.x, answer.high.y + theme.unit});
        const auto t = static_cast<std::size_t>(answer.seen);
        const float column = 26.0F * theme.unit;
        card_row(theme, context.say("Token", "토큰"),
                 std::to_string(answer.seen) + "  " + memory.shown->labels[t], column);
        card_row(theme, context.say("Step size Δ", "걸음 크기 Δ"),
                 number_text(static_cast<double>(steps[t])), column);
        card_note(theme,
                  context.say("A large step lets much of the token in and lets the rest fade; a "
                              "small one passes it by. Click to follow the token.",
                              "걸음이 크면 토큰을 많이 들이고 전에 있던 것은 흐려져요. 작으면 "
                              "그냥 지나가요. 누르면 이 토큰을 따라가요."),
                  70.0F * theme.unit);
        end_card();
    }
    const std::string most = number_text(static_cast<double>(largest));
    caption(theme,
            context.language == Language::korean
                ? "색: 걸음 크기 Δ. 진할수록 그 토큰을 상태에 많이 들여요 (최대 " + most + ")."
                : "Colour: step size Δ. The stronger, the more of the token is let into the "
                  "state (at most " +
                      most + ").",
            ImGui::GetContentRegionAvail().x);
}

void draw_without_state(ViewContext& context) {
    if (draw_offer(
            context.theme, context.say("This model keeps no state", "이 모델에는 상태가 없어요"),
            context.say("It looks back at every token with attention. A state-space model, "
                        "Mamba, carries what it has read in a state of fixed size instead, "
                        "and this view shows it. One to fetch: state-spaces/mamba-130m-hf",
                        "이 모델은 어텐션으로 앞의 토큰을 하나하나 돌아봐요. 상태 공간 모델인 "
                        "Mamba는 그 대신 읽은 것을 크기가 정해진 상태에 담아 넘겨요. 그 "
                        "상태를 여기서 볼 수 있어요. 내려받을 모델: "
                        "state-spaces/mamba-130m-hf"),
            context.say("Choose a model", "모델 고르기"))) {
        context.wishes.open_link = "view:models";
    }
}

}  // namespace

void draw_state_space(ViewContext& context) {
    const Theme& theme = context.theme;
    if (draw_without_run(context)) return;
    StateSpaceMemory& memory = context.memory.of<StateSpaceMemory>();
    if (!refresh(context, memory)) {
        draw_without_state(context);
        return;
    }
    explain(theme,
            context.say("There is no attention here: a state of fixed size goes from token to "
                        "token. Each token decides how much of it is let in, and how much of what "
                        "was there fades.",
                        "여기에는 어텐션이 없어요. 크기가 정해진 상태가 토큰에서 토큰으로 "
                        "넘어가요. 토큰마다 자신을 얼마나 들일지, 전에 있던 것을 얼마나 흐리게 "
                        "할지 정해요."));
    follow_link(context, memory);
    ask(context, memory);
    draw_controls(context, memory);
    draw_text(context, memory);
    ImGui::Dummy({0.0F, theme.unit});
    switch (static_cast<StatePage>(memory.page)) {
        case StatePage::state: draw_state_page(context, memory); break;
        case StatePage::remembered: draw_remembered_page(context, memory); break;
    }
}

}  // namespace vitrine::viz
