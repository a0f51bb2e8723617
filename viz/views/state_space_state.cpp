// The first page of the memory view: the state behind every token, from all blocks down to the
// numbers of one channel. The maps share their rows: one a token.
#include <algorithm>
#include <cmath>

#include "viz/views/state_space_parts.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

void take_numbers(StateSpaceMemory& memory) {
    const Index channel = memory.shown_channel();
    if (memory.numbers && memory.channel == channel) return;
    memory.channel = channel;
    memory.numbers = channel_numbers(*scan_of(*memory.shown->run, memory.layer), channel);
    memory.numbers_limit = Real{1e-6F};
    for (const Real x : *memory.numbers)
        memory.numbers_limit = std::max(memory.numbers_limit, std::abs(x));
}

void begin_map_card(const ViewContext& context, const StateSpaceMemory& memory,
                    const VectorMapAnswer& answer) {
    const Theme& theme = context.theme;
    if (answer.by_keyboard) {
        begin_card_at(theme, {answer.high.x + theme.unit, answer.high.y + theme.unit});
    } else {
        begin_card(theme);
    }
    card_row(theme, context.say("Token", "토큰"),
             std::to_string(answer.row) + "  " +
                 memory.shown->labels[static_cast<std::size_t>(answer.row)],
             30.0F * theme.unit);
}

/// What all three maps have in common.
VectorMapInput map_input(const ViewContext& context, const StateSpaceMemory& memory, ImVec2 size) {
    VectorMapInput input;
    input.chosen_row = memory.position;
    input.marked_row = context.stage.hovered_position;
    input.tallest_row = 7.0F * context.theme.unit;
    input.size = size;
    return input;
}

void draw_title(const Theme& theme, const std::string& title, const std::string& meaning,
                float width) {
    small_heading(theme, elided(theme.fonts.bold, title, width));
    caption(theme, elided(theme.fonts.small, meaning, width - theme.unit), width);
}

/// How far the state of every block moves at every token.
void draw_moves(ViewContext& context, StateSpaceMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    draw_title(theme, context.say("How far it moves", "얼마나 움직이는지"),
               context.say("full colour: all of it is new", "가장 진하면 전부 새로 바뀐 거예요"),
               size.x);
    if (!memory.moves || !memory.moves->share) return;
    VectorMapInput input = map_input(context, memory, size);
    input.id = "moves";
    input.values = memory.moves->share;
    input.labels = memory.shown->labels;
    input.column_title = context.say("block", "블록");
    input.chosen_column = memory.layer;
    input.label_room = std::min(26.0F * theme.unit, 0.45F * size.x);
    const VectorMapAnswer answer =
        draw_vector_map(theme, context.memory.device(), input, memory.moves_map);
    if (answer.chosen_row >= 0) context.stage.position = answer.chosen_row;
    if (answer.chosen_column >= 0) context.stage.layer = answer.chosen_column;
    if (answer.row < 0) return;
    context.stage.hovered_position = answer.row;
    if (answer.column < 0) return;
    const StateMoves& moves = *memory.moves;
    const auto number = [&](const Tensor2& of) {
        return number_text(static_cast<double>(of(answer.row, answer.column)));
    };
    const float column = 30.0F * theme.unit;
    begin_map_card(context, memory, answer);
    card_row(theme, context.say("Block", "블록"), std::to_string(answer.column), column);
    card_row(theme, context.say("State moves by", "움직인 거리"), number(moves.moved), column);
    card_row(theme, context.say("In parts of it", "상태에 견주면"),
             percent_text(static_cast<double>((*moves.share)(answer.row, answer.column))), column);
    card_row(theme, context.say("Its length now", "지금 길이"), number(moves.length), column);
    card_note(theme,
              context.say("In parts of the state before or behind the token, whichever is longer. "
                          "Click to choose the block.",
                          "토큰 앞과 뒤의 상태 가운데 더 긴 쪽에 견준 값이에요. 누르면 그 블록을 "
                          "골라요."),
              70.0F * theme.unit);
    end_card();
}

/// The state of the chosen block: a column a channel.
void draw_channels(ViewContext& context, StateSpaceMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    const LayerState& state = *memory.state;
    const std::string block = std::to_string(memory.layer);
    const std::string title =
        context.language == Language::korean ? block + "번 블록의 상태" : "State of block " + block;
    draw_title(
        theme, title,
        context.say("length of each channel; full colour: ", "채널마다의 길이, 가장 진하면 ") +
            number_text(static_cast<double>(state.usual)),
        size.x);
    VectorMapInput input = map_input(context, memory, size);
    input.id = "channels";
    input.values = state.lengths;
    input.limit = static_cast<float>(state.usual);
    input.column_title = context.say("channels, strongest first", "채널, 센 것부터");
    const auto chosen = std::find(state.order.begin(), state.order.end(), memory.shown_channel());
    input.chosen_column = chosen - state.order.begin();
    const VectorMapAnswer answer =
        draw_vector_map(theme, context.memory.device(), input, memory.channels_map);
    if (answer.chosen_row >= 0) context.stage.position = answer.chosen_row;
    if (answer.chosen_column >= 0) {
        memory.followed = state.order[static_cast<std::size_t>(answer.chosen_column)];
        memory.of_channel = nullptr;
    }
    if (answer.row < 0 || answer.column < 0) return;
    context.stage.hovered_position = answer.row;
    const Index channel = state.order[static_cast<std::size_t>(answer.column)];
    const ScanInputs scan = *scan_of(*memory.shown->run, memory.layer);
    const float column = 30.0F * theme.unit;
    begin_map_card(context, memory, answer);
    card_row(theme, context.say("Channel", "채널"), std::to_string(channel), column);
    card_row(theme, context.say("Length", "길이"),
             number_text(static_cast<double>((*state.lengths)(answer.row, answer.column))), column);
    card_row(theme, context.say("Step size Δ", "걸음 크기 Δ"),
             number_text(static_cast<double>(scan.delta(answer.row, channel))), column);
    card_note(theme,
              context.say("Click to see the channel's numbers.", "누르면 채널의 수를 보여 줘요."),
              70.0F * theme.unit);
    end_card();
}

/// The numbers of one channel behind every token.
void draw_numbers(ViewContext& context, StateSpaceMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    const std::string channel = std::to_string(memory.channel);
    const std::string count = std::to_string(memory.numbers->shape()[1]);
    const bool korean = context.language == Language::korean;
    draw_title(theme, korean ? channel + "번 채널" : "Channel " + channel,
               (korean ? "수 " + count + "개, 최대 ±" : "its " + count + " numbers, at most ±") +
                   number_text(static_cast<double>(memory.numbers_limit)),
               size.x);
    VectorMapInput input = map_input(context, memory, size);
    input.id = "numbers";
    input.values = memory.numbers;
    input.limit = static_cast<float>(memory.numbers_limit);
    input.column_title = context.say("number", "번호");
    const VectorMapAnswer answer =
        draw_vector_map(theme, context.memory.device(), input, memory.numbers_map);
    if (answer.chosen_row >= 0) context.stage.position = answer.chosen_row;
    if (answer.row < 0 || answer.column < 0) return;
    context.stage.hovered_position = answer.row;
    const ScanInputs scan = *scan_of(*memory.shown->run, memory.layer);
    const double fades = std::exp(static_cast<double>(scan.delta(answer.row, memory.channel)) *
                                  static_cast<double>(scan.A(memory.channel, answer.column)));
    const float column = 30.0F * theme.unit;
    begin_map_card(context, memory, answer);
    card_row(theme, context.say("Number", "번호"), std::to_string(answer.column), column);
    card_row(theme, context.say("Value", "값"),
             number_text(static_cast<double>((*memory.numbers)(answer.row, answer.column))),
             column);
    card_row(theme, "exp(Δ A)", number_text(fades), column);
    card_note(theme,
              context.say("exp(Δ A): so much of the number before is kept at this token.",
                          "exp(Δ A): 이 토큰에서 앞의 값이 이만큼 남아요."),
              70.0F * theme.unit);
    end_card();
}

}  // namespace

void draw_state_page(ViewContext& context, StateSpaceMemory& memory) {
    const Theme& theme = context.theme;
    if (!memory.state) {
        caption(theme, context.say("Being worked out ...", "계산하고 있어요 ..."), 1000.0F);
        return;
    }
    take_numbers(memory);
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const float gap = 4.0F * theme.unit;
    const bool narrow = room.x < 150.0F * theme.unit;
    const float rest = room.x - 2.0F * gap;
    const float titles = theme.fonts.bold->FontSize + theme.fonts.small->FontSize + gap;
    const float height = std::max(room.y - titles, 40.0F * theme.unit);
    const auto beside = [&](float share) { return ImVec2{narrow ? room.x : share * rest, height}; };
    const auto next = [&] {
        if (!narrow) ImGui::SameLine(0.0F, gap);
    };
    ImGui::BeginGroup();
    draw_moves(context, memory, beside(0.33F));
    ImGui::EndGroup();
    next();
    ImGui::BeginGroup();
    draw_channels(context, memory, beside(0.42F));
    ImGui::EndGroup();
    next();
    ImGui::BeginGroup();
    draw_numbers(context, memory, beside(0.25F));
    ImGui::EndGroup();
}

}  // namespace vitrine::viz
