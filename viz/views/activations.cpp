#include "viz/views/activations.h"

#include <algorithm>
#include <cstdio>

#include "viz/views/activations_parts.h"
#include "viz/views/states.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/keys.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

/// "blocks.3.mlp_post"; what is no step of a block has its own name.
std::string full_name(const ActivationsMemory& memory, const std::string& step) {
    const Tower tower = memory.tower();
    const bool of_block = tower.at(memory.layer, step) != nullptr;
    return tower.prefix() + (of_block ? "blocks." + std::to_string(memory.layer) + "." : "") + step;
}

/// The steps of a block, one below the other.
void draw_steps(ViewContext& context, ActivationsMemory& memory, float width) {
    const Theme& theme = context.theme;
    const Tower tower = memory.tower();
    int layer = static_cast<int>(memory.layer);
    if (captioned_slider(theme, "##block", context.say("Block", "블록"), layer, 0,
                         static_cast<int>(tower.layers()) - 1, "%d", width)) {
        context.stage.layer = layer;
    }
    ImGui::Dummy({0.0F, theme.unit});
    for (const BlockStep& step : steps_of(tower)) {
        const bool chosen = memory.step == step.name;
        if (chosen) ImGui::PushStyleColor(ImGuiCol_Text, theme.accent);
        const std::string label =
            std::string(context.say(step.english, step.korean)) + "##" + step.name;
        if (ImGui::Selectable(label.c_str(), chosen, 0, {width, 0.0F})) {
            context.stage.step = step.name;
        }
        if (chosen) ImGui::PopStyleColor();
        if (ImGui::IsItemHovered()) {
            begin_card(theme);
            card_note(theme, full_name(memory, step.name), 80.0F * theme.unit);
            end_card();
        }
    }
}

/// Where the map is on the screen.
struct MapFrame {
    ImVec2 low, high;
    float row = 0.0F, column = 0.0F;  // of a cell
    Index rows = 0, columns = 0;
};

void draw_labels(const ViewContext& context, const ActivationsMemory& memory, const MapFrame& frame,
                 float left, float room) {
    const Theme& theme = context.theme;
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float line = theme.fonts.small->FontSize;
    const auto every = static_cast<Index>(std::max(1.0F, std::ceil(line / frame.row)));
    for (Index t = 0; t < frame.rows; ++t) {
        const bool is_chosen = t == memory.position;
        if (t % every != 0 && !is_chosen) continue;
        const std::string text =
            elided(theme.fonts.small, memory.labels()[static_cast<std::size_t>(t)], room);
        const float x = left + room - text_width(theme.fonts.small, text);
        const float y = frame.low.y + (static_cast<float>(t) + 0.5F) * frame.row - 0.5F * line;
        list->AddText(theme.fonts.small, line, {x, y}, is_chosen ? theme.accent : theme.text,
                      text.c_str());
    }
}

/// Arrows move a cell; Enter chooses its row.
void move_by_keys(ActivationsMemory& memory, const MapFrame& frame, Stage& stage) {
    const ImGuiIO& io = ImGui::GetIO();
    if (io.MouseDelta.x != 0.0F || io.MouseDelta.y != 0.0F) memory.by_keyboard = false;
    if (!has_key_focus()) return;
    if (memory.key_row < 0) memory.key_row = memory.position;
    const ArrowStep step = arrow_step();
    if (step) {
        memory.key_row = std::clamp<Index>(memory.key_row + step.y, 0, frame.rows - 1);
        memory.key_column = std::clamp<Index>(memory.key_column + step.x, 0, frame.columns - 1);
        memory.by_keyboard = true;
        keep_focus_here();
    }
    memory.key_row = std::clamp<Index>(memory.key_row, 0, frame.rows - 1);
    memory.key_column = std::clamp<Index>(memory.key_column, 0, frame.columns - 1);
    if (key_pressed(ImGuiKey_Enter, false)) stage.position = memory.key_row;
}

void draw_cell_card(ViewContext& context, const ActivationsMemory& memory, const MapFrame& frame) {
    const Theme& theme = context.theme;
    if (memory.by_keyboard) {
        begin_card_at(theme, {frame.low.x + static_cast<float>(memory.column) * frame.column,
                              frame.low.y + static_cast<float>(memory.row + 1) * frame.row});
    } else {
        begin_card(theme);
    }
    const float column = 24.0F * theme.unit;
    card_row(
        theme,
        memory.tower().axis() == Axis::picture ? context.say("Patch", "조각")
                                               : context.say("Token", "토큰"),
        std::to_string(memory.row) + "  " + memory.labels()[static_cast<std::size_t>(memory.row)],
        column);
    card_row(theme, context.say("Dimension", "차원"), std::to_string(memory.column), column);
    char text[32];
    std::snprintf(
        text, sizeof text, "%.4f",
        static_cast<double>(row_of(memory, memory.row)[static_cast<std::size_t>(memory.column)]));
    card_row(theme, context.say("Value", "값"), text, column);
    end_card();
}

void draw_map_title(const Theme& theme, const ActivationsMemory& memory, float width) {
    const std::string title = full_name(memory, memory.step) + "   " +
                              std::to_string(memory.activation->shape[0]) + " × " +
                              std::to_string(memory.activation->shape[1]);
    ImGui::PushFont(theme.fonts.small);
    ImGui::PushStyleColor(ImGuiCol_Text, theme.muted);
    ImGui::TextUnformatted(elided(theme.fonts.small, title, width).c_str());
    ImGui::PopStyleColor();
    ImGui::PopFont();
}

void draw_scale(const Theme& theme, const ActivationsMemory& memory, float width) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float height = 2.5F * theme.unit;
    constexpr int steps = 64;
    for (int i = 0; i < steps; ++i) {
        const float place = (static_cast<float>(i) + 0.5F) / steps;
        list->AddRectFilled(
            {at.x + width * static_cast<float>(i) / steps, at.y},
            {at.x + width * static_cast<float>(i + 1) / steps + 0.5F, at.y + height},
            theme.diverging(2.0F * place - 1.0F));
    }
    list->AddRect(at, {at.x + width, at.y + height}, theme.border);
    char left[24], right[24];
    std::snprintf(left, sizeof left, "≤ %.2f", -static_cast<double>(memory.limit));
    std::snprintf(right, sizeof right, "≥ %.2f", static_cast<double>(memory.limit));
    ImFont* font = theme.fonts.small;
    const float y = at.y + height + 0.5F * theme.unit;
    list->AddText(font, font->FontSize, {at.x, y}, theme.muted, left);
    list->AddText(font, font->FontSize, {at.x + 0.5F * (width - text_width(font, "0")), y},
                  theme.muted, "0");
    list->AddText(font, font->FontSize, {at.x + width - text_width(font, right), y}, theme.muted,
                  right);
    ImGui::Dummy({width, height + theme.unit + font->FontSize});
}

void draw_map(ViewContext& context, ActivationsMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    const float room = std::min(26.0F * theme.unit, 0.25F * size.x);
    const ImVec2 origin = ImGui::GetCursorScreenPos();
    MapFrame frame;
    frame.rows = memory.activation->shape[0];
    frame.columns = memory.activation->shape[1];
    frame.low = {origin.x + room + theme.unit, origin.y};
    frame.row = std::min(size.y / static_cast<float>(frame.rows), 16.0F * theme.unit);
    frame.column = (size.x - room - 2.0F * theme.unit) / static_cast<float>(frame.columns);
    frame.high = {frame.low.x + frame.column * static_cast<float>(frame.columns),
                  frame.low.y + frame.row * static_cast<float>(frame.rows)};
    memory.map_low = frame.low;
    memory.map_cell = {frame.column, frame.row};
    const bool pressed = ImGui::InvisibleButton("map", {size.x, frame.high.y - frame.low.y});
    const bool hovered = ImGui::IsItemHovered();
    const bool ring = shows_key_focus();
    move_by_keys(memory, frame, context.stage);
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    memory.row = memory.column = -1;
    if (memory.by_keyboard) {
        memory.row = memory.key_row;
        memory.column = memory.key_column;
    } else if (hovered && mouse.x >= frame.low.x && mouse.x < frame.high.x) {
        memory.row = std::clamp<Index>(static_cast<Index>((mouse.y - frame.low.y) / frame.row), 0,
                                       frame.rows - 1);
        memory.column = std::clamp<Index>(
            static_cast<Index>((mouse.x - frame.low.x) / frame.column), 0, frame.columns - 1);
        if (pressed) {
            context.stage.position = memory.row;
            memory.key_row = memory.row;  // arrows go on from here
            memory.key_column = memory.column;
        }
    }
    ImDrawList* list = ImGui::GetWindowDrawList();
    show_picture(context, memory, frame.high.x - frame.low.x);
    list->AddImage(memory.picture.id(), frame.low, frame.high);
    list->AddRect(frame.low, frame.high, ring ? theme.accent : theme.border, 0.0F, 0,
                  ring ? 0.5F * theme.unit : 1.0F);
    const float chosen = frame.low.y + static_cast<float>(memory.position) * frame.row;
    list->AddRect({frame.low.x, chosen}, {frame.high.x, chosen + frame.row}, theme.accent, 0.0F, 0,
                  1.5F);
    draw_labels(context, memory, frame, origin.x, room);
    if (memory.row >= 0) {
        if (memory.tower().axis() == Axis::text) context.stage.hovered_position = memory.row;
        draw_cell_card(context, memory, frame);
    }
}

}  // namespace

void draw_activations(ViewContext& context) {
    const Theme& theme = context.theme;
    if (draw_without_run(context)) return;
    ActivationsMemory& memory = context.memory.of<ActivationsMemory>();
    const Tower tower = chosen_tower(*context.run, context.stage);
    const bool of_picture = tower.axis() == Axis::picture;
    explain(
        theme,
        of_picture
            ? context.say("One row is the vector of a patch, one column a dimension. Blue is "
                          "above 0, orange below. Choose a block and a step of it; click a "
                          "row to see its numbers.",
                          "한 줄이 그림 조각 하나의 벡터이고 한 칸이 차원 하나예요. 파랑은 0보다 "
                          "큰 수, 주황은 작은 수예요. 블록과 단계를 고르고, 줄을 누르면 그 수를 "
                          "볼 수 있어요.")
            : context.say("One row is a token's vector, one column a dimension. Blue is "
                          "above 0, orange below. Choose a block and a step of it; click a "
                          "row to see its numbers.",
                          "한 줄이 토큰 하나의 벡터이고 한 칸이 차원 하나예요. 파랑은 0보다 큰 "
                          "수, 주황은 작은 수예요. 블록과 단계를 고르고, 줄을 누르면 그 수를 "
                          "볼 수 있어요."));
    draw_tower_choice(context);
    if (!refresh(context, memory)) {
        if (of_picture) return draw_without_picture(context);
        draw_state(theme, context.say("Nothing was kept", "기록이 없어요"),
                   context.say("This run holds no activations.",
                               "이번 실행에는 활성값이 남아 있지 않아요."),
                   theme.muted);
        return;
    }
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const bool narrow = room.x < 150.0F * theme.unit;  // then there is no room for the panel
    const float gap = 3.0F * theme.unit;
    const float steps = std::min(46.0F * theme.unit, (narrow ? 0.38F : 0.24F) * room.x);
    const float panel = narrow ? 0.0F : std::min(60.0F * theme.unit, 0.3F * room.x);
    const float width = room.x - steps - gap - (narrow ? 0.0F : panel + gap);
    ImGui::BeginGroup();
    draw_steps(context, memory, steps);
    ImGui::EndGroup();
    ImGui::SameLine(0.0F, gap);
    ImGui::BeginGroup();
    draw_map_title(theme, memory, width);
    draw_map(context, memory, {width, std::max(room.y - 22.0F * theme.unit, 20.0F)});
    ImGui::Dummy({0.0F, theme.unit});
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::min(26.0F * theme.unit, 0.25F * width) +
                         theme.unit);
    draw_scale(theme, memory, 0.5F * width);
    ImGui::EndGroup();
    if (narrow) return;
    ImGui::SameLine(0.0F, gap);
    draw_activation_panel(context, memory, {panel, room.y - theme.unit});
}

}  // namespace vitrine::viz
