#include "viz/widgets/value_table.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "viz/widgets/keys.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

/// Where the columns are, in pixels from the left end of a row.
struct TableColumns {
    float label = 0.0F;                                // right end of the labels
    std::array<float, most_value_columns> bar{};       // left end of the bars
    std::array<float, most_value_columns> bar_room{};  // length of a full bar, both sides together
    std::array<float, most_value_columns> number{};    // right end of the numbers
};

TableColumns columns_of(const Theme& theme, const ValueTableInput& input) {
    const ImFont* small = theme.fonts.small;
    const float gap = 2.5F * theme.unit;
    float label = text_width(small, input.label_title);
    for (const ValueRow& row : input.rows) label = std::max(label, text_width(small, row.label));
    TableColumns columns;
    columns.label = std::min(label, 0.4F * input.width) + theme.unit;
    const float room = input.width - columns.label - theme.unit;
    const float each = room / static_cast<float>(std::max<std::size_t>(1, input.columns.size()));
    for (std::size_t c = 0; c < input.columns.size(); ++c) {
        float number = 0.0F;
        for (const ValueRow& row : input.rows) {
            number = std::max(number, text_width(small, two_decimals(row.values[c])));
        }
        columns.number[c] = columns.label + each * static_cast<float>(c + 1);
        columns.bar[c] = columns.label + each * static_cast<float>(c) + gap;
        columns.bar_room[c] = std::max(0.0F, each - gap - number - 1.5F * theme.unit);
    }
    return columns;
}

void right_aligned(ImFont* font, float right, float middle, ImU32 colour, const std::string& text) {
    ImGui::GetWindowDrawList()->AddText(
        font, font->FontSize, {right - text_width(font, text), middle - font->FontSize / 2.0F},
        colour, text.c_str());
}

void draw_value(const Theme& theme, const ValueColumn& column, double value, ImVec2 low, float room,
                float height) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    const double part = std::clamp(value / std::max(column.full, 1e-12), -1.0, 1.0);
    const float zero = column.is_signed ? low.x + 0.5F * room : low.x;
    const float length = (column.is_signed ? 0.5F : 1.0F) * room * static_cast<float>(part);
    if (column.is_signed) {
        list->AddLine({zero, low.y}, {zero, low.y + height}, theme.border);
    }
    const float inset = 0.18F * height;
    list->AddRectFilled({std::min(zero, zero + length), low.y + inset},
                        {std::max(zero, zero + length) + 1.0F, low.y + height - inset},
                        part < 0.0 ? theme.diverging(-0.6F) : theme.accent);
}

void draw_row(const Theme& theme, const ValueTableInput& input, const TableColumns& columns,
              Index i, ImVec2 low, bool seen) {
    const ValueRow& row = input.rows[static_cast<std::size_t>(i)];
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImVec2 high{low.x + input.width, low.y + input.row};
    const bool chosen = i == input.chosen;
    if (seen || chosen || row.marked) list->AddRectFilled(low, high, theme.raised, theme.unit);
    if (row.parted) list->AddLine(low, {high.x, low.y}, theme.border);
    ImFont* small = theme.fonts.small;
    const float middle = low.y + 0.5F * input.row;
    const ImU32 ink = chosen || row.marked ? theme.accent : theme.text;
    right_aligned(small, low.x + columns.label, middle, ink,
                  elided(small, row.label, columns.label - 0.5F * theme.unit));
    for (std::size_t c = 0; c < input.columns.size(); ++c) {
        draw_value(theme, input.columns[c], row.values[c], {low.x + columns.bar[c], low.y},
                   columns.bar_room[c], input.row);
        right_aligned(small, low.x + columns.number[c], middle, theme.text,
                      two_decimals(row.values[c]));
    }
}

void draw_titles(const Theme& theme, const ValueTableInput& input, const TableColumns& columns) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImFont* small = theme.fonts.small;
    const float middle = at.y + 0.5F * small->FontSize;
    right_aligned(small, at.x + columns.label, middle, theme.muted, input.label_title);
    for (std::size_t c = 0; c < input.columns.size(); ++c) {
        const float room = columns.number[c] - columns.bar[c];
        right_aligned(small, at.x + columns.number[c], middle, theme.muted,
                      elided(small, input.columns[c].title, room));
    }
    ImGui::Dummy({input.width, small->FontSize});
}

void move(const ValueTableInput& input, ValueTableState& state, bool shown) {
    const Index last = static_cast<Index>(input.rows.size()) - 1;
    if ((shown && !state.focused) || state.key_row < 0) {
        state.key_row = std::max<Index>(0, input.chosen);
        state.by_keyboard = shown;
    }
    state.key_row = std::min(state.key_row, last);
    const ArrowStep step = arrow_step();
    const Index to = std::clamp<Index>(state.key_row + step.y, 0, last);
    if (to == state.key_row) return;  // at the edge focus may leave
    state.key_row = to;
    state.by_keyboard = true;
    keep_focus_here();
}

}  // namespace

std::string two_decimals(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2f", std::abs(value) < 0.005 ? 0.0 : value);
    return text;
}

ValueTableAnswer draw_value_table(const Theme& theme, const ValueTableInput& input,
                                  ValueTableState& state) {
    ValueTableAnswer answer;
    if (input.rows.empty()) return answer;
    const TableColumns columns = columns_of(theme, input);
    draw_titles(theme, input, columns);
    const ImVec2 origin = ImGui::GetCursorScreenPos();
    state.first = origin;
    const auto count = static_cast<Index>(input.rows.size());
    const float height = static_cast<float>(count) * input.row;
    const bool pressed = ImGui::InvisibleButton(input.id, {input.width, height});
    const bool hovered = ImGui::IsItemHovered();
    const bool focused = has_key_focus();
    const bool ring = shows_key_focus();
    const ImGuiIO& io = ImGui::GetIO();
    if (io.MouseDelta.x != 0.0F || io.MouseDelta.y != 0.0F) state.by_keyboard = false;
    if (focused) move(input, state, ring);
    state.focused = ring;
    answer.by_keyboard = focused && state.by_keyboard;
    if (answer.by_keyboard) {
        answer.seen = state.key_row;
    } else if (hovered) {
        const auto row = static_cast<Index>((io.MousePos.y - origin.y) / input.row);
        answer.seen = std::clamp<Index>(row, 0, count - 1);
    }
    if (pressed || (focused && key_pressed(ImGuiKey_Enter, false))) answer.clicked = answer.seen;
    if (answer.clicked >= 0) state.key_row = answer.clicked;  // arrows go on from here
    for (Index i = 0; i < count; ++i) {
        const ImVec2 low{origin.x, origin.y + static_cast<float>(i) * input.row};
        draw_row(theme, input, columns, i, low, i == answer.seen);
    }
    if (ring) {
        ImGui::GetWindowDrawList()->AddRect(
            {origin.x - 2.0F, origin.y - 2.0F},
            {origin.x + input.width + 2.0F, origin.y + height + 2.0F}, theme.accent, theme.radius);
    }
    const Index shown = std::max<Index>(answer.seen, 0);
    answer.low = {origin.x, origin.y + static_cast<float>(shown) * input.row};
    answer.high = {origin.x + input.width, answer.low.y + input.row};
    return answer;
}

}  // namespace vitrine::viz
