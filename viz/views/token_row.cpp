#include "viz/views/token_row.h"

#include <algorithm>

#include "viz/widgets/area.h"

namespace vitrine::viz {

ChipsAnswer draw_token_row(ViewContext& context, TokenRowState& state,
                           const std::vector<std::string>& labels, Index position,
                           const std::vector<ImU32>* fills) {
    const Theme& theme = context.theme;
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0.5F * theme.unit, 0.75F * theme.unit});
    const float height =
        chip_height(theme, theme.fonts.small) + 2.0F * theme.unit + ImGui::GetStyle().ScrollbarSize;
    begin_area("token row", {0.0F, height}, AreaEdge::padded, ImGuiWindowFlags_HorizontalScrollbar);
    ChipsInput input;
    input.id = "tokens";
    input.labels = labels;
    input.fills = fills;
    input.chosen = position;
    input.marked = context.stage.hovered_position;
    input.font = theme.fonts.small;
    const ChipsAnswer answer = draw_chips(theme, input, state.chips);
    if (state.shown_position != position || state.shown_run != context.run) {
        state.shown_position = position;  // a new choice scrolls into sight, once
        state.shown_run = context.run;
        ImGui::SetScrollX(std::max(0.0F, answer.chosen_x - 0.5F * ImGui::GetWindowWidth()));
    }
    if (answer.seen >= 0) context.stage.hovered_position = answer.seen;
    if (answer.clicked >= 0) {
        const bool last = answer.clicked + 1 == static_cast<Index>(labels.size());
        context.stage.position = last ? -1 : answer.clicked;
    }
    ImGui::EndChild();
    ImGui::PopStyleVar();
    return answer;
}

}  // namespace vitrine::viz
