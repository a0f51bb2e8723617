#include "viz/widgets/bars.h"

#include <algorithm>
#include <cmath>

#include "viz/widgets/keys.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

/// The columns of a row, in pixels from its left end.
struct RowColumns {
    float bar = 0.0F;       // where bars begin; labels end just before
    float bar_room = 0.0F;  // length of a full bar
    float number = 0.0F;    // right ends of the two columns of numbers
    float second = 0.0F;
};

RowColumns columns_of(const Theme& theme, const BarsInput& input) {
    float label = text_width(theme.fonts.small, input.label_title);
    float number = text_width(theme.fonts.small, input.number_title);
    float second = text_width(theme.fonts.small, input.second_title);
    for (const Bar& bar : input.bars) {
        label = std::max(label, text_width(theme.fonts.body, bar.label));
        number = std::max(number, text_width(theme.fonts.small, bar.number));
        second = std::max(second, text_width(theme.fonts.small, bar.second));
    }
    const float gap = 3.0F * theme.unit;
    RowColumns columns;
    columns.bar = std::min(label, 0.34F * input.width) + gap;
    columns.second = input.width - theme.unit;
    columns.number = columns.second - second - gap;
    columns.bar_room = std::max(4.0F * theme.unit, columns.number - number - gap - columns.bar);
    return columns;
}

void right_aligned(ImFont* font, float right, float middle, ImU32 colour, const std::string& text) {
    ImGui::GetWindowDrawList()->AddText(
        font, font->FontSize, {right - text_width(font, text), middle - font->FontSize / 2.0F},
        colour, text.c_str());
}

void draw_bar(const Theme& theme, const BarsInput& input, const RowColumns& columns, const Bar& bar,
              ImVec2 low, bool seen) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float middle = low.y + input.row / 2.0F;
    const ImVec2 high{low.x + input.width, low.y + input.row};
    if (seen) list->AddRectFilled(low, high, theme.raised, theme.unit);
    ImFont* body = theme.fonts.body;
    const float room = columns.bar - 3.0F * theme.unit + 0.5F;  // rounding cuts no label
    const std::string label = elided(body, bar.label, room);
    const float width = text_width(body, label);
    const float right = low.x + columns.bar - 2.0F * theme.unit;
    right_aligned(body, right, middle,
                  bar.cut      ? theme.muted
                  : bar.strong ? theme.accent
                               : theme.text,
                  label);
    if (bar.cut) list->AddLine({right - width, middle}, {right, middle}, theme.muted);
    const auto length = [&](double value) {
        return columns.bar_room * static_cast<float>(std::clamp(value / input.full, 0.0, 1.0));
    };
    const float x = low.x + columns.bar;
    const float half = std::max(2.0F, 0.32F * input.row);
    list->AddRectFilled({x, middle - half}, {x + std::max(1.0F, length(bar.value)), middle + half},
                        bar.cut ? theme.border : theme.accent, std::min(half, 0.75F * theme.unit));
    if (bar.marker >= 0.0) {
        const float tick = x + length(bar.marker);
        list->AddLine({tick, middle - half - 1.0F}, {tick, middle + half + 1.0F}, theme.text,
                      std::max(1.0F, 0.4F * theme.unit));
    }
    ImFont* small = theme.fonts.small;
    right_aligned(small, low.x + columns.number, middle, bar.cut ? theme.muted : theme.text,
                  bar.number);
    right_aligned(small, low.x + columns.second, middle, theme.muted, bar.second);
}

/// Room that the caption of the threshold takes between two rows.
float threshold_gap(const Theme& theme, const BarsInput& input) {
    const bool inside =
        input.threshold > 0 && input.threshold < static_cast<Index>(input.bars.size());
    return inside ? theme.fonts.small->FontSize + theme.unit : 0.0F;
}

float row_top(const Theme& theme, const BarsInput& input, Index i) {
    return static_cast<float>(i) * input.row +
           (i >= input.threshold ? threshold_gap(theme, input) : 0.0F);
}

/// The row at a height, clamped to the rows there are.
Index row_at(const Theme& theme, const BarsInput& input, float y) {
    Index row = 0;
    const auto count = static_cast<Index>(input.bars.size());
    while (row + 1 < count && y >= row_top(theme, input, row + 1)) ++row;
    return row;
}

void draw_threshold(const Theme& theme, const BarsInput& input, ImVec2 origin) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    ImFont* font = theme.fonts.small;
    const float y = origin.y + static_cast<float>(input.threshold) * input.row +
                    threshold_gap(theme, input) / 2.0F;
    const float caption = text_width(font, input.threshold_caption) + 2.0F * theme.unit;
    const float dash = 1.5F * theme.unit;
    for (float x = origin.x; x < origin.x + input.width; x += 2.0F * dash) {
        list->AddLine({x, y}, {std::min(x + dash, origin.x + input.width), y}, theme.bad,
                      std::max(1.0F, theme.scale));
    }
    const float left = origin.x + input.width * 0.5F - caption / 2.0F;
    list->AddRectFilled({left, y - font->FontSize / 2.0F - 1.0F},
                        {left + caption, y + font->FontSize / 2.0F + 1.0F}, theme.surface,
                        theme.unit);
    list->AddText(font, font->FontSize, {left + theme.unit, y - font->FontSize / 2.0F}, theme.bad,
                  input.threshold_caption.c_str());
}

void move(const BarsInput& input, BarsState& state, bool shown) {
    const Index last = static_cast<Index>(input.bars.size()) - 1;
    if ((shown && !state.focused) || state.key_bar < 0) {
        state.key_bar = 0;
        state.by_keyboard = shown;
    }
    const ArrowStep step = arrow_step();
    const Index to = std::clamp<Index>(state.key_bar + step.y, 0, last);
    if (to == state.key_bar) return;
    state.key_bar = to;
    state.by_keyboard = true;
    keep_focus_here();
}

void draw_titles(const Theme& theme, const BarsInput& input, const RowColumns& columns) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float middle = at.y + theme.fonts.small->FontSize / 2.0F;
    right_aligned(theme.fonts.small, at.x + columns.bar - 2.0F * theme.unit, middle, theme.muted,
                  input.label_title);
    const bool marked = std::any_of(input.bars.begin(), input.bars.end(),
                                    [](const Bar& bar) { return bar.marker >= 0.0; });
    const std::string marker =
        elided(theme.fonts.small, input.marker_title, columns.bar_room - 2.0F * theme.unit);
    if (marked && *input.marker_title) {
        const float x = at.x + columns.bar;
        ImGui::GetWindowDrawList()->AddLine({x, at.y}, {x, at.y + theme.fonts.small->FontSize},
                                            theme.text, std::max(1.0F, 0.4F * theme.unit));
        ImGui::GetWindowDrawList()->AddText(theme.fonts.small, theme.fonts.small->FontSize,
                                            {x + 1.5F * theme.unit, at.y}, theme.muted,
                                            marker.c_str());
    }
    right_aligned(theme.fonts.small, at.x + columns.number, middle, theme.muted,
                  input.number_title);
    right_aligned(theme.fonts.small, at.x + columns.second, middle, theme.muted,
                  input.second_title);
    ImGui::Dummy({0.0F, theme.fonts.small->FontSize});
}

}  // namespace

BarsAnswer draw_bars(const Theme& theme, const BarsInput& input, BarsState& state) {
    BarsAnswer answer;
    if (input.bars.empty()) return answer;
    const RowColumns columns = columns_of(theme, input);
    draw_titles(theme, input, columns);
    const ImVec2 origin = ImGui::GetCursorScreenPos();
    const auto count = static_cast<Index>(input.bars.size());
    const float height = row_top(theme, input, count);
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
        answer.seen = std::min(state.key_bar, count - 1);
    } else if (hovered) {
        answer.seen = row_at(theme, input, io.MousePos.y - origin.y);
    }
    if (pressed || (focused && key_pressed(ImGuiKey_Enter, false))) answer.clicked = answer.seen;
    if (answer.clicked >= 0) state.key_bar = answer.clicked;  // arrows go on from here
    for (Index i = 0; i < count; ++i) {
        const ImVec2 low{origin.x, origin.y + row_top(theme, input, i)};
        draw_bar(theme, input, columns, input.bars[static_cast<std::size_t>(i)], low,
                 i == answer.seen);
    }
    if (threshold_gap(theme, input) > 0.0F) draw_threshold(theme, input, origin);
    if (ring) {
        ImGui::GetWindowDrawList()->AddRect(
            {origin.x - 2.0F, origin.y - 2.0F},
            {origin.x + input.width + 2.0F, origin.y + height + 2.0F}, theme.accent, theme.radius);
    }
    answer.low = {origin.x, origin.y + row_top(theme, input, std::max<Index>(answer.seen, 0))};
    answer.high = {origin.x + input.width, answer.low.y + input.row};
    return answer;
}

}  // namespace vitrine::viz
