#include "viz/widgets/area.h"

#include <imgui_internal.h>

#include <algorithm>

#include "viz/widgets/keys.h"

namespace vitrine::viz {

namespace {

/// Where the keys of this frame would scroll to.
float wanted_scroll(float line, float page) {
    float y = ImGui::GetScrollY() + 3.0F * line * static_cast<float>(arrow_step().y);
    if (key_pressed(ImGuiKey_PageUp)) y -= page;
    if (key_pressed(ImGuiKey_PageDown)) y += page;
    if (key_pressed(ImGuiKey_Home)) y = 0.0F;
    if (key_pressed(ImGuiKey_End)) y = ImGui::GetScrollMaxY();
    return std::clamp(y, 0.0F, ImGui::GetScrollMaxY());
}

}  // namespace

void scroll_stop(const Theme& theme) {
    if (ImGui::GetScrollMaxY() <= 0.0F) return;
    const ImGuiWindow* window = ImGui::GetCurrentWindow();
    const ImRect seen = window->InnerRect;
    const ImVec2 start = ImGui::GetCursorScreenPos(), low = window->DC.CursorMaxPos;
    ImGui::SetCursorScreenPos(seen.Min);  // always in sight: focus would scroll to it
    ImGui::InvisibleButton("scroll", {seen.GetWidth(), 1.0F});
    const bool focused = shows_key_focus();
    ImGui::SetCursorScreenPos(start);
    ImGui::GetCurrentWindow()->DC.CursorMaxPos = low;
    if (!focused) return;
    const float page = seen.GetHeight() - 3.0F * theme.fonts.body->FontSize;
    const float y = wanted_scroll(theme.fonts.body->FontSize, page);
    if (y != ImGui::GetScrollY()) {
        ImGui::SetScrollY(y);
        keep_focus_here();
    }
    ImGui::GetForegroundDrawList()->AddRect({seen.Min.x + 1.0F, seen.Min.y + 1.0F},
                                            {seen.Max.x - 1.0F, seen.Max.y - 1.0F}, theme.accent,
                                            theme.radius, 0, theme.scale);
}

}  // namespace vitrine::viz
