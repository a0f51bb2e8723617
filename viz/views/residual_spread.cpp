// What the norm of one block does to one token: its numbers before and after, over each other.
#include <algorithm>
#include <array>

#include "viz/views/residual_parts.h"
#include "viz/widgets/colour.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

/// Two histograms over each other: what comes before the norm in grey, after it in blue.
void draw_spread(ViewContext& context, const ResidualMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    const NormSpread& spread = memory.spread;
    if (spread.before.empty()) return;
    const ImVec2 low = ImGui::GetCursorScreenPos();
    ImGui::InvisibleButton("spread", size);
    const bool hovered = ImGui::IsItemHovered();
    ImDrawList* list = ImGui::GetWindowDrawList();
    const auto count = spread.before.size();
    const float step = size.x / static_cast<float>(count);
    const auto of = [&](std::size_t i) { return std::max(spread.before[i], spread.after[i]); };
    int most = 1;
    for (std::size_t i = 0; i < count; ++i) most = std::max(most, of(i));
    const ImU32 after = with_alpha(theme.accent, 150);
    const float x_seen = (ImGui::GetIO().MousePos.x - low.x) / step;
    const int seen =
        hovered ? std::clamp(static_cast<int>(x_seen), 0, static_cast<int>(count) - 1) : -1;
    for (std::size_t i = 0; i < count; ++i) {
        const float left = low.x + step * static_cast<float>(i);
        const auto bar = [&](int value, ImU32 colour) {
            const float tall = size.y * static_cast<float>(value) / static_cast<float>(most);
            list->AddRectFilled({left + 0.5F, low.y + size.y - tall}, {left + step, low.y + size.y},
                                colour);
        };
        bar(spread.before[i], static_cast<int>(i) == seen ? theme.text : theme.muted);
        bar(spread.after[i], after);
    }
    list->AddLine({low.x, low.y + size.y}, {low.x + size.x, low.y + size.y}, theme.border);
    ImFont* font = theme.fonts.small;
    const std::array<float, 3> marks{-spread.limit, 0.0F, spread.limit};
    for (std::size_t i = 0; i < marks.size(); ++i) {
        const std::string text = two_decimals(static_cast<double>(marks[i]));
        const float place = static_cast<float>(i) / 2.0F;
        list->AddText(font, font->FontSize,
                      {low.x + place * (size.x - text_width(font, text)), low.y + size.y + 2.0F},
                      theme.muted, text.c_str());
    }
    ImGui::Dummy({size.x, font->FontSize});
    if (seen < 0) return;
    const float wide = 2.0F * spread.limit / static_cast<float>(count);
    const float from = -spread.limit + wide * static_cast<float>(seen);
    const auto bin = static_cast<std::size_t>(seen);
    const float column = 30.0F * theme.unit;
    begin_card(theme);
    card_row(theme, context.say("Numbers from", "부터"), two_decimals(static_cast<double>(from)),
             column);
    card_row(theme, context.say("to", "까지"), two_decimals(static_cast<double>(from + wide)),
             column);
    card_row(theme, context.say("Before the norm", "정규화 앞"), count_text(spread.before[bin]),
             column);
    card_row(theme, context.say("After the norm", "정규화 뒤"), count_text(spread.after[bin]),
             column);
    end_card();
}

}  // namespace

void draw_norm(ViewContext& context, ResidualMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    const std::string token = memory.labels()[static_cast<std::size_t>(memory.position)];
    const std::string block = std::to_string(memory.layer);
    small_heading(theme,
                  displayable(context.language == Language::korean
                                  ? block + "번 블록의 정규화가 하는 일: " + token
                                  : "What the norm of block " + block + " does to " + token));
    const auto pre = vector_at(memory.tower(), memory.layer, "resid_pre", memory.position);
    const auto post = vector_at(memory.tower(), memory.layer, "ln_1", memory.position);
    const auto said = [&](const char* name, std::span<const Real> x) {
        const RowNumbers numbers = describe_row(x);
        return std::string(name) + context.say(": mean ", ": 평균 ") + two_decimals(numbers.mean) +
               context.say(", deviation ", ", 편차 ") + two_decimals(numbers.deviation);
    };
    caption(theme,
            said(context.say("Grey, before", "회색, 앞"), pre) + "     " +
                said(context.say("Blue, after", "파랑, 뒤"), post),
            size.x);
    draw_spread(context, memory, {size.x, std::max(14.0F * theme.unit, size.y)});
}

}  // namespace vitrine::viz
