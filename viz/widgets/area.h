// A part of the window that scrolls by itself, in every Dear ImGui.
#pragma once

#include <imgui.h>

#include "viz/app/theme.h"

namespace vitrine::viz {

enum class AreaEdge { none, padded, framed };

/// Begins a child window that the keyboard walks through as a part of the window around it: Tab and
/// the arrows go in and out. ImGui::EndChild ends it.
inline void begin_area(const char* id, ImVec2 size, AreaEdge edge, ImGuiWindowFlags flags = 0) {
#if IMGUI_VERSION_NUM < 19090
    flags |= ImGuiWindowFlags_NavFlattened;
    if (edge != AreaEdge::none) flags |= ImGuiWindowFlags_AlwaysUseWindowPadding;
    ImGui::BeginChild(id, size, edge == AreaEdge::framed, flags);
#else
    ImGuiChildFlags child = ImGuiChildFlags_NavFlattened;
    if (edge != AreaEdge::none) child |= ImGuiChildFlags_AlwaysUseWindowPadding;
    if (edge == AreaEdge::framed) child |= ImGuiChildFlags_Border;
    ImGui::BeginChild(id, size, child, flags);
#endif
}

/// The area itself as the keyboard's first stop in it, if it has more than it shows: arrows, Page
/// Up, Page Down, Home and End scroll.
void scroll_stop(const Theme& theme);

}  // namespace vitrine::viz
