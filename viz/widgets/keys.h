// Keys by name in every Dear ImGui: before 1.87 a named key had to be looked up first.
#pragma once

#include <imgui.h>
#include <imgui_internal.h>

namespace vitrine::viz {

inline bool key_pressed(ImGuiKey key, bool repeat = true) {
#if IMGUI_VERSION_NUM < 18700
    return ImGui::IsKeyPressed(ImGui::GetKeyIndex(key), repeat);
#else
    return ImGui::IsKeyPressed(key, repeat);
#endif
}

/// Steps of the arrow keys this frame, for an item that has the keyboard's focus. Keeps ImGui's own
/// navigation from leaving the item.
struct ArrowStep {
    int x = 0, y = 0;
    explicit operator bool() const { return x != 0 || y != 0; }
};
inline ArrowStep arrow_step() {
    ArrowStep step;
    if (key_pressed(ImGuiKey_LeftArrow)) step.x -= 1;
    if (key_pressed(ImGuiKey_RightArrow)) step.x += 1;
    if (key_pressed(ImGuiKey_UpArrow)) step.y -= 1;
    if (key_pressed(ImGuiKey_DownArrow)) step.y += 1;
    return step;
}
/// The arrow that was just read belongs to the item; focus stays where it is.
inline void keep_focus_here() {
    ImGui::NavMoveRequestCancel();
}

/// Between begin() and end(), Tab goes from item to item and Enter presses what Space presses. The
/// window that fills the display calls them before its first item and after its last.
struct TabStops {
    bool alive = false;  // the item with the focus was there in the last frame

    /// @param typing  Enter belongs to a text
    void begin(bool typing) const {
#if IMGUI_VERSION_NUM < 18900
        // Dear ImGui lets Tab stop at what a number can be typed into, and opens it for typing.
        ImGuiContext& g = *ImGui::GetCurrentContext();
        const bool enter = key_pressed(ImGuiKey_Enter, false);
        if (g.NavActivateInputId != 0 && !enter) {
            g.NavDisableHighlight = false;
            g.NavDisableMouseHover = true;
        }
        if (g.NavActivateInputId != 0 && enter && !typing && !g.IO.KeyCtrl)
            g.NavActivateId = g.NavActivateDownId = g.NavActivatePressedId = g.NavId;
        g.NavActivateInputId = 0;
        // It goes on from the item that is being typed into, else to the first: here from any.
        if ((g.NavMoveFlags & ImGuiNavMoveFlags_Tabbing) != 0 && g.NavTabbingDir == 0 && alive)
            g.NavTabbingDir = 1;
        ImGui::PushItemFlag(ImGuiItemFlags_Inputable, true);
#else
        (void)typing;
#endif
    }
    void end() {
#if IMGUI_VERSION_NUM < 18900
        ImGui::PopItemFlag();
        alive = ImGui::GetCurrentContext()->NavIdIsAlive;
#endif
    }
};

/// True if keys go to the last item: it was reached with the keyboard, or clicked.
inline bool has_key_focus() {
    return ImGui::IsItemFocused();
}

/// True if, besides, the learner is using the keyboard: the focus is to be seen.
inline bool shows_key_focus() {
#if IMGUI_VERSION_NUM < 19140
    return ImGui::IsItemFocused() && !ImGui::GetCurrentContext()->NavDisableHighlight;
#else
    return ImGui::IsItemFocused() && ImGui::GetCurrentContext()->NavCursorVisible;
#endif
}

/// The wheel over the last item is the item's: the window around it does not scroll.
inline void own_mouse_wheel() {
#if IMGUI_VERSION_NUM < 18950
    ImGui::SetItemUsingMouseWheel();
#else
    ImGui::SetItemKeyOwner(ImGuiKey_MouseWheelY);
#endif
}

/// True if this character was typed this frame, whatever the keyboard's layout.
inline bool typed(unsigned character) {
    for (const ImWchar c : ImGui::GetIO().InputQueueCharacters) {
        if (static_cast<unsigned>(c) == character) return true;
    }
    return false;
}

}  // namespace vitrine::viz
