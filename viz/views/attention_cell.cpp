// The numbers of one cell of an attention map, in the card under the pointer and in the panel.
#include <algorithm>

#include "viz/views/attention_parts.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

std::string numbered(const std::vector<std::string>& labels, Index position) {
    return std::to_string(position) + "  " + labels[static_cast<std::size_t>(position)];
}

/// Keys that `query` may look at, the strongest first.
std::vector<Index> strongest_keys(const ChosenMap& map, Index query, Index count) {
    std::vector<Index> keys;
    for (Index key = 0; key < map.S; ++key) {
        if (!map.sight.hides(query, key)) keys.push_back(key);
    }
    count = std::min(count, static_cast<Index>(keys.size()));
    const auto middle = keys.begin() + count;
    std::partial_sort(keys.begin(), middle, keys.end(), [&](Index a, Index b) {
        return map.weight(query, a) > map.weight(query, b);
    });
    keys.erase(middle, keys.end());
    return keys;
}

double row_sum(const ChosenMap& map, Index query) {
    double sum = 0.0;
    for (Index key = 0; key < map.S; ++key) sum += static_cast<double>(map.weight(query, key));
    return sum;
}

}  // namespace

void draw_cell_numbers(const ViewContext& context, const AttentionMemory& memory, Index query,
                       Index key) {
    const Theme& theme = context.theme;
    ImGui::PushFont(theme.fonts.small);
    const ChosenMap& map = memory.map;
    const bool hidden = map.sight.hides(query, key);
    const float column = 24.0F * theme.unit;
    card_row(theme, context.say("Query", "쿼리(보는 쪽)"), numbered(memory.query_labels(), query),
             column);
    card_row(theme, context.say("Key", "키(보이는 쪽)"), numbered(memory.key_labels(), key),
             column);
    const double weight = static_cast<double>(map.weight(query, key));
    card_row(theme, context.say("Weight", "가중치"),
             number_text(weight) + "  (" + percent_text(weight) + ")", column);
    card_row(theme, context.say("Score", "점수"),
             map.scores ? number_text(static_cast<double>(map.scores[query * map.S + key]))
                        : context.say("none: this is an average", "평균이라서 없어요"),
             column);
    card_row(theme, context.say("Mask", "마스크"),
             !hidden       ? context.say("visible", "보임")
             : key > query ? context.say("hidden: comes later", "가려짐: 뒤에 오는 토큰")
                           : context.say("hidden: behind the window", "가려짐: 창 밖의 토큰"),
             column);
    ImGui::PopFont();
}

void draw_cell_panel(const ViewContext& context, const AttentionMemory& memory, Index query,
                     Index key, float width, float height) {
    const Theme& theme = context.theme;
    ImGui::PushFont(theme.fonts.small);
    const float height_end = ImGui::GetCursorScreenPos().y + height;
    if (key >= 0) {
        draw_cell_numbers(context, memory, query, key);
    } else {
        card_row(theme, context.say("Query", "쿼리(보는 쪽)"),
                 numbered(memory.query_labels(), query), 24.0F * theme.unit);
    }
    card_row(theme, context.say("Row sum", "행의 합"), number_text(row_sum(memory.map, query)),
             24.0F * theme.unit);
    const float each = ImGui::GetTextLineHeightWithSpacing();
    const float rest = height_end - ImGui::GetCursorScreenPos().y - theme.unit - each;
    const auto fitting = static_cast<Index>(rest / each);
    if (fitting < 1) {
        ImGui::PopFont();
        return;
    }
    ImGui::Dummy({0.0F, theme.unit});
    card_note(theme, context.say("It looks most at", "가장 많이 보는 곳"), width);
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float label = std::min(28.0F * theme.unit, 0.45F * width);
    const float number = text_width(theme.fonts.small, "0.0000");
    for (const Index k : strongest_keys(memory.map, query, std::min<Index>(fitting, 8))) {
        const float weight = static_cast<float>(memory.map.weight(query, k));
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float line = ImGui::GetTextLineHeight();
        const float bar = std::max(1.0F, (width - label - number - 2.0F * theme.unit) * weight);
        list->AddText(
            at, theme.text,
            elided(theme.fonts.small, numbered(memory.key_labels(), k), label - theme.unit)
                .c_str());
        list->AddRectFilled({at.x + label, at.y + 0.2F * line},
                            {at.x + label + bar, at.y + 0.85F * line},
                            theme.heat(memory.scale.place(weight)), 2.0F);
        list->AddText({at.x + label + bar + theme.unit, at.y}, theme.muted,
                      number_text(static_cast<double>(weight)).c_str());
        ImGui::Dummy({width, line});
    }
    ImGui::PopFont();
}

}  // namespace vitrine::viz
