#include "viz/widgets/chips.h"

#include <algorithm>

#include "viz/widgets/keys.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

bool flag(const std::vector<bool>* flags, Index i) {
    return flags && static_cast<std::size_t>(i) < flags->size() &&
           (*flags)[static_cast<std::size_t>(i)];
}

ImU32 pale(ImU32 colour) {
    return (colour & ~IM_COL32_A_MASK) |
           (((colour >> IM_COL32_A_SHIFT) & 0xFFU) * 2 / 5 << IM_COL32_A_SHIFT);
}

void draw_chip(const Theme& theme, const ChipsInput& input, Index i, const ChipBox& box,
               ImVec2 origin, bool seen) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImVec2 low{origin.x + box.x, origin.y + box.y};
    const ImVec2 high{low.x + box.width, low.y + chip_height(theme, input.font)};
    if (!ImGui::IsRectVisible(low, high)) return;
    const bool special = flag(input.special, i);
    const bool faded = (input.faded_from >= 0 && i >= input.faded_from) || flag(input.faded, i);
    const bool chosen = i == input.chosen;
    const int tint =
        input.colours ? (*input.colours)[static_cast<std::size_t>(i)] : static_cast<int>(i);
    ImU32 fill = special ? theme.surface : theme.chip(tint);
    if (input.fills) fill = (*input.fills)[static_cast<std::size_t>(i)];
    ImU32 text = special ? theme.muted : theme.text_on(fill);
    if (faded) {
        fill = pale(fill);
        text = theme.muted;
    }
    const float radius = std::min(theme.radius, 1.25F * theme.unit);
    list->AddRectFilled(low, high, fill, radius);
    if (special || input.fills) {
        list->AddRect(low, high, theme.border, radius, 0, std::max(1.0F, theme.scale));
    }
    if (chosen || seen || i == input.marked) {
        list->AddRect(low, high, chosen ? theme.accent : theme.text, radius, 0,
                      (chosen ? 0.5F : 0.3F) * theme.unit);
    }
    const float pad = 1.5F * theme.unit;
    const std::string label = elided(input.font, input.labels[static_cast<std::size_t>(i)],
                                     box.width - 2.0F * pad + 0.5F);
    list->AddText(input.font, input.font->FontSize,
                  {low.x + pad, low.y + (high.y - low.y - input.font->FontSize) / 2.0F}, text,
                  label.c_str());
}

void move(const ChipsInput& input, const ChipLayout& layout, ChipsState& state, bool shown) {
    const Index last = static_cast<Index>(layout.boxes.size()) - 1;
    if ((shown && !state.focused) || state.key_chip < 0) {
        state.key_chip = input.chosen >= 0 ? input.chosen : 0;
        state.by_keyboard = shown;
    }
    state.key_chip = std::clamp<Index>(state.key_chip, 0, last);
    const ArrowStep step = arrow_step();
    Index to = std::clamp<Index>(state.key_chip + step.x, 0, last);
    if (step.y != 0) to = neighbour_line(layout, to, step.y);
    if (key_pressed(ImGuiKey_Home)) to = 0;
    if (key_pressed(ImGuiKey_End)) to = last;
    if (to == state.key_chip) return;  // at the edge focus may leave
    state.key_chip = to;
    state.by_keyboard = true;
    keep_focus_here();
}

}  // namespace

float chip_height(const Theme& theme, const ImFont* font) {
    return font->FontSize + 1.75F * theme.unit;
}

ChipsAnswer draw_chips(const Theme& theme, const ChipsInput& input, ChipsState& state) {
    ChipsAnswer answer;
    std::vector<float> widths;
    widths.reserve(input.labels.size());
    for (const std::string& label : input.labels) {
        widths.push_back(text_width(input.font, label) + 3.0F * theme.unit);
    }
    const std::vector<bool> none;
    const ChipLayout layout =
        layout_chips(widths, input.line_ends ? *input.line_ends : none, input.width,
                     chip_height(theme, input.font), 0.75F * theme.unit);
    if (layout.boxes.empty()) return answer;
    const ImVec2 origin = ImGui::GetCursorScreenPos();
    const bool pressed = ImGui::InvisibleButton(input.id, {layout.width, layout.height});
    const bool hovered = ImGui::IsItemHovered();
    const bool focused = has_key_focus();
    const bool ring = shows_key_focus();
    const ImGuiIO& io = ImGui::GetIO();
    if (io.MouseDelta.x != 0.0F || io.MouseDelta.y != 0.0F) state.by_keyboard = false;
    if (focused) move(input, layout, state, ring);
    state.focused = ring;
    answer.by_keyboard = focused && state.by_keyboard;
    if (answer.by_keyboard) answer.seen = state.key_chip;
    for (std::size_t i = 0; i < layout.boxes.size() && hovered && !answer.by_keyboard; ++i) {
        const ChipBox& box = layout.boxes[i];
        const float x = io.MousePos.x - origin.x - box.x;
        const float y = io.MousePos.y - origin.y - box.y;
        if (x >= 0.0F && y >= 0.0F && x < box.width && y < chip_height(theme, input.font)) {
            answer.seen = static_cast<Index>(i);
        }
    }
    const bool enter = focused && key_pressed(ImGuiKey_Enter, false);
    if (pressed || enter) answer.clicked = answer.seen;
    if (answer.clicked >= 0) state.key_chip = answer.clicked;  // arrows go on from here
    for (std::size_t i = 0; i < layout.boxes.size(); ++i) {
        draw_chip(theme, input, static_cast<Index>(i), layout.boxes[i], origin,
                  static_cast<Index>(i) == answer.seen);
    }
    if (ring) {
        ImGui::GetWindowDrawList()->AddRect(
            {origin.x - 2.0F, origin.y - 2.0F},
            {origin.x + layout.width + 2.0F, origin.y + layout.height + 2.0F}, theme.accent,
            theme.radius);
    }
    if (answer.seen >= 0) {
        const ChipBox& box = layout.boxes[static_cast<std::size_t>(answer.seen)];
        answer.low = {origin.x + box.x, origin.y + box.y};
        answer.high = {answer.low.x + box.width, answer.low.y + chip_height(theme, input.font)};
    }
    if (input.chosen >= 0 && input.chosen < static_cast<Index>(layout.boxes.size())) {
        const ChipBox& box = layout.boxes[static_cast<std::size_t>(input.chosen)];
        answer.chosen_x = box.x + box.width / 2.0F;
    }
    return answer;
}

}  // namespace vitrine::viz
