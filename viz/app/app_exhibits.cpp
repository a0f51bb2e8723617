// The stage: the chosen view of the first model, and of a second one beside it.
#include <algorithm>
#include <cmath>

#include "viz/app/app.h"
#include "viz/widgets/area.h"
#include "viz/widgets/tooltip.h"

namespace vitrine::viz {

namespace {

/// A cross in a square, to take an exhibit away. True when it is pressed.
bool close_button(const Theme& theme, const char* says) {
    const float side = std::round(6.0F * theme.unit);
    const bool pressed = ImGui::InvisibleButton("close", {side, side});
    const bool hovered = ImGui::IsItemHovered() || ImGui::IsItemFocused();
    const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
    ImDrawList* draw = ImGui::GetWindowDrawList();
    if (hovered) draw->AddRectFilled(low, high, theme.raised, theme.radius);
    const float in = 0.32F * side;
    const ImU32 colour = hovered ? theme.text : theme.muted;
    const float thick = 0.4F * theme.unit;
    draw->AddLine({low.x + in, low.y + in}, {high.x - in, high.y - in}, colour, thick);
    draw->AddLine({low.x + in, high.y - in}, {high.x - in, low.y + in}, colour, thick);
    if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", says);
    return pressed;
}

}  // namespace

/// Which of the two it is.
void App::draw_exhibit_heading(Exhibit& exhibit) {
    const ImVec2 at = ImGui::GetCursorPos();
    const float width = ImGui::GetContentRegionAvail().x;
    ImGui::PushFont(theme_.fonts.bold);
    ImGui::TextUnformatted(exhibit.model ? exhibit.model->name.c_str() : "…");
    ImGui::PopFont();
    if (exhibit.run) {
        ImGui::SameLine();
        caption(theme_, facts_of(*exhibit.run, settings_.language), width);
    }
    if (&exhibit == &first_) return;
    const ImVec2 next = ImGui::GetCursorPos();
    ImGui::SetCursorPos({at.x + width - 6.0F * theme_.unit, at.y - theme_.unit});
    if (close_button(theme_,
                     say(settings_.language, "Show the first model alone", "첫 모델만 보기"))) {
        exhibit.wishes.show_beside = "";
    }
    ImGui::SetCursorPos(next);
}

void App::draw_exhibit(Exhibit& exhibit, ImVec2 size) {
    ImGui::PushStyleColor(ImGuiCol_ChildBg, theme_.surface);
    begin_area(&exhibit == &first_ ? "view" : "beside", size, AreaEdge::padded);
    ImGui::PopStyleColor();
    scroll_stop(theme_);
    ViewContext context = this->context(exhibit);
    for (const View& each : views()) {
        if (exhibit.stage.view != each.id) continue;
        if (beside_ && each.of_model) draw_exhibit_heading(exhibit);
        each.draw(context);
    }
    ImGui::EndChild();
}

void App::draw_stage() {
    const auto all = views();
    const bool two = beside_ && std::any_of(all.begin(), all.end(), [&](const View& each) {
                         return each.of_model && first_.stage.view == each.id;
                     });
    if (!two) {
        draw_exhibit(first_, {0, 0});
        return;
    }
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const float gap = 2.0F * theme_.unit;
    const bool in_a_row = room.x > 170.0F * theme_.unit;
    const ImVec2 half = in_a_row ? ImVec2{std::floor((room.x - gap) / 2.0F), room.y}
                                 : ImVec2{room.x, std::floor((room.y - gap) / 2.0F)};
    draw_exhibit(first_, half);
    if (in_a_row) ImGui::SameLine(0.0F, gap);
    draw_exhibit(*beside_, half);
}

}  // namespace vitrine::viz
