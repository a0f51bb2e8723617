// Beside the map of the activations view: one position's numbers, its histogram, the dimensions
// that stand out, and the growth of the stream.
#include <algorithm>
#include <array>
#include <cstdio>

#include "viz/views/activations_parts.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

void caption(const Theme& theme, const char* text) {
    ImGui::Dummy({0.0F, 0.5F * theme.unit});
    ImGui::PushFont(theme.fonts.small);
    ImGui::PushStyleColor(ImGuiCol_Text, theme.muted);
    ImGui::PushTextWrapPos(0.0F);
    ImGui::TextUnformatted(text);
    ImGui::PopTextWrapPos();
    ImGui::PopStyleColor();
    ImGui::PopFont();
}

std::string short_number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2f", std::abs(value) < 0.005 ? 0.0 : value);
    return text;
}

/// Bars that stand on a line; returns the one under the pointer, or -1.
int draw_columns(const Theme& theme, std::span<const double> values, ImVec2 size, ImU32 colour) {
    const ImVec2 low = ImGui::GetCursorScreenPos();
    ImGui::Dummy(size);
    ImDrawList* list = ImGui::GetWindowDrawList();
    const double most = std::max(1e-9, *std::max_element(values.begin(), values.end()));
    const float step = size.x / static_cast<float>(values.size());
    const float gap = step > 4.0F ? 1.0F : 0.0F;
    const bool inside = ImGui::IsItemHovered();
    const int hovered =
        inside ? std::clamp(static_cast<int>((ImGui::GetIO().MousePos.x - low.x) / step), 0,
                            static_cast<int>(values.size()) - 1)
               : -1;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const float height = size.y * static_cast<float>(values[i] / most);
        const float left = low.x + static_cast<float>(i) * step;
        const ImU32 fill = static_cast<int>(i) == hovered ? theme.text : colour;
        list->AddRectFilled({left + gap, low.y + size.y - height}, {left + step, low.y + size.y},
                            fill);
    }
    list->AddLine({low.x, low.y + size.y}, {low.x + size.x, low.y + size.y}, theme.border);
    return hovered;
}

void draw_histogram(ViewContext& context, const ActivationsMemory& memory, float width) {
    const Theme& theme = context.theme;
    caption(theme, context.say("How its numbers are spread", "이 위치의 수가 퍼진 모양"));
    const std::vector<double> counts(memory.bins.begin(), memory.bins.end());
    const int seen = draw_columns(theme, counts, {width, 14.0F * theme.unit}, theme.accent);
    const float limit = 1.5F * memory.limit;
    ImGui::PushFont(theme.fonts.small);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImDrawList* list = ImGui::GetWindowDrawList();
    const std::array<float, 3> marks{-limit, 0.0F, limit};
    for (std::size_t i = 0; i < marks.size(); ++i) {
        const std::string text = short_number(static_cast<double>(marks[i]));
        const float wide = text_width(theme.fonts.small, text);
        const float place = static_cast<float>(i) / 2.0F;
        list->AddText({at.x + place * (width - wide), at.y}, theme.muted, text.c_str());
    }
    ImGui::Dummy({width, ImGui::GetTextLineHeight()});
    ImGui::PopFont();
    if (seen < 0) return;
    const float step = 2.0F * limit / static_cast<float>(memory.bins.size());
    begin_card(theme);
    card_row(theme, context.say("From", "부터"),
             short_number(static_cast<double>(-limit + step * static_cast<float>(seen))),
             20.0F * theme.unit);
    card_row(theme, context.say("To", "까지"),
             short_number(static_cast<double>(-limit + step * static_cast<float>(seen + 1))),
             20.0F * theme.unit);
    card_row(theme, context.say("Numbers", "수의 개수"),
             count_text(memory.bins[static_cast<std::size_t>(seen)]), 20.0F * theme.unit);
    end_card();
}

void draw_depth(ViewContext& context, const ActivationsMemory& memory, float width) {
    const Theme& theme = context.theme;
    caption(theme, context.say("Length of its stream, from the first block to the last",
                               "첫 블록에서 마지막 블록까지 흐름의 길이"));
    const int seen = draw_columns(theme, memory.depth, {width, 14.0F * theme.unit}, theme.muted);
    if (seen < 0) return;
    begin_card(theme);
    const bool last = seen + 1 == static_cast<int>(memory.depth.size());
    card_row(theme, context.say("Where", "어디"),
             last ? context.say("after the last block", "마지막 블록 뒤")
                  : context.say("before block ", "블록 앞: ") + std::to_string(seen),
             20.0F * theme.unit);
    card_row(theme, context.say("Length", "길이"),
             short_number(memory.depth[static_cast<std::size_t>(seen)]), 20.0F * theme.unit);
    end_card();
}

void draw_strongest(ViewContext& context, const ActivationsMemory& memory) {
    const Theme& theme = context.theme;
    caption(theme, context.say("Its largest numbers", "가장 큰 수"));
    ImGui::PushFont(theme.fonts.small);
    const std::span<const Real> row = row_of(memory, memory.position);
    for (const Index dimension : memory.numbers.strongest) {
        card_row(theme, (context.say("dimension ", "차원 ") + std::to_string(dimension)).c_str(),
                 short_number(static_cast<double>(row[static_cast<std::size_t>(dimension)])),
                 30.0F * theme.unit);
    }
    ImGui::PopFont();
}

}  // namespace

void draw_activation_panel(ViewContext& context, ActivationsMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    begin_panel(theme, "row", size);
    const float width = ImGui::GetContentRegionAvail().x;
    const float column = 30.0F * theme.unit;
    ImGui::PushFont(theme.fonts.bold);
    ImGui::TextUnformatted((std::to_string(memory.position) + "  " +
                            memory.labels()[static_cast<std::size_t>(memory.position)])
                               .c_str());
    ImGui::PopFont();
    ImGui::PushFont(theme.fonts.small);
    card_row(theme, context.say("Mean", "평균"), short_number(memory.numbers.mean), column);
    card_row(theme, context.say("Deviation", "편차"), short_number(memory.numbers.deviation),
             column);
    card_row(theme, context.say("Length", "길이"), short_number(memory.numbers.length), column);
    card_row(theme, context.say("Range", "범위"),
             short_number(static_cast<double>(memory.numbers.smallest)) + " … " +
                 short_number(static_cast<double>(memory.numbers.largest)),
             column);
    ImGui::PopFont();
    draw_histogram(context, memory, width);
    draw_depth(context, memory, width);
    draw_strongest(context, memory);
    end_panel();
}

}  // namespace vitrine::viz
