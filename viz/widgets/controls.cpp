#include "viz/widgets/controls.h"

#include <cstdio>

#include "viz/widgets/area.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

float button_width(const char* label) {
    return ImGui::CalcTextSize(label, nullptr, true).x + 2.0F * ImGui::GetStyle().FramePadding.x;
}

void same_line_if_fits(const Theme& theme, float width) {
    const float end = ImGui::GetWindowPos().x + ImGui::GetWindowContentRegionMax().x;
    if (ImGui::GetItemRectMax().x + 2.0F * theme.unit + width <= end) {
        ImGui::SameLine(0.0F, 2.0F * theme.unit);
    }
}

bool segmented(const Theme& theme, const char* id, std::span<const char* const> choices,
               int& chosen) {
    bool changed = false;
    ImGui::PushID(id);
    for (std::size_t i = 0; i < choices.size(); ++i) {
        const bool on = chosen == static_cast<int>(i);
        if (i > 0) ImGui::SameLine(0.0F, 1.0F);
        if (action_button(theme, choices[i], on) && !on) {
            chosen = static_cast<int>(i);
            changed = true;
        }
    }
    ImGui::PopID();
    return changed;
}

bool action_button(const Theme& theme, const char* label, bool strong, bool enabled) {
    ImGui::PushStyleColor(ImGuiCol_Button, strong ? theme.accent : theme.raised);
    ImGui::PushStyleColor(ImGuiCol_Text, strong ? theme.on_accent : theme.text);
    if (strong) {
        ImGui::PushStyleColor(ImGuiCol_ButtonHovered, theme.accent);
        ImGui::PushStyleColor(ImGuiCol_ButtonActive, theme.accent);
    }
    ImGui::BeginDisabled(!enabled);
    const bool pressed = ImGui::Button(label);
    ImGui::EndDisabled();
    ImGui::PopStyleColor(strong ? 4 : 2);
    return pressed;
}

void caption_line(const Theme& theme, const char* caption, const char* value, float width) {
    // Drawn, not as text items: beside another slider ImGui would shift those to its baseline.
    ImFont* font = theme.fonts.small;
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    list->AddText(font, font->FontSize, at, theme.muted,
                  elided(font, caption, width - text_width(font, value)).c_str());
    list->AddText(font, font->FontSize, {at.x + width - text_width(font, value), at.y}, theme.text,
                  value);
    ImGui::Dummy({width, font->FontSize});
}

bool captioned_slider(const Theme& theme, const char* id, const char* caption, float& value,
                      float low, float high, const char* format, float width) {
    ImGui::BeginGroup();
    char text[32];
    std::snprintf(text, sizeof text, format, static_cast<double>(value));
    caption_line(theme, caption, text, width);
    ImGui::SetNextItemWidth(width);
    const bool changed =
        ImGui::SliderFloat(id, &value, low, high, "", ImGuiSliderFlags_AlwaysClamp);
    ImGui::EndGroup();
    return changed;
}

bool captioned_slider(const Theme& theme, const char* id, const char* caption, int& value, int low,
                      int high, const char* format, float width) {
    ImGui::BeginGroup();
    char text[32];
    std::snprintf(text, sizeof text, format, value);
    caption_line(theme, caption, text, width);
    ImGui::SetNextItemWidth(width);
    const bool changed = ImGui::SliderInt(id, &value, low, high, "", ImGuiSliderFlags_AlwaysClamp);
    ImGui::EndGroup();
    return changed;
}

void begin_panel(const Theme& theme, const char* id, ImVec2 size) {
    ImGui::PushStyleColor(ImGuiCol_ChildBg, theme.background);
    ImGui::PushStyleColor(ImGuiCol_Border, theme.border);
    ImGui::PushStyleVar(ImGuiStyleVar_ChildBorderSize, 1.0F);
    ImGui::PushStyleVar(ImGuiStyleVar_ChildRounding, theme.radius);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {3.0F * theme.unit, 2.5F * theme.unit});
    begin_area(id, size, AreaEdge::framed);
}

void end_panel() {
    ImGui::EndChild();
    ImGui::PopStyleVar(3);
    ImGui::PopStyleColor(2);
}

}  // namespace vitrine::viz
