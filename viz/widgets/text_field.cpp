#include "viz/widgets/text_field.h"

#include <imgui_internal.h>

#include <algorithm>

#include "viz/app/displayable.h"
#include "viz/widgets/keys.h"

namespace vitrine::viz {

namespace {

/// The field of this number, drawn next, is typed into from now on.
void begin_typing(ImGuiID field) {
    ImGuiContext& g = *ImGui::GetCurrentContext();
#if IMGUI_VERSION_NUM < 18900
    g.NavActivateInputId = field;
#else
    g.NavActivateId = field;
    g.NavActivateFlags |= ImGuiActivateFlags_PreferInput;
#endif
}

}  // namespace

void TextField::set(const std::string& text) {
    const std::size_t count = std::min(text.size(), bytes.size() - 1);
    std::copy_n(text.begin(), count, bytes.begin());
    bytes[count] = '\0';
}

bool draw_text_field(const Theme& theme, const char* id, TextField& field, const char* hint,
                     float width) {
    displayable(field.bytes.data());  // its characters join the fonts
    ImGui::SetNextItemWidth(width);
    const ImGuiID item = ImGui::GetID(id);
    const bool enter = key_pressed(ImGuiKey_Enter, false);
    const bool was_typing = field.typing;
    if (!was_typing && ImGui::GetFocusID() == item && enter) begin_typing(item);
    ImGui::PushStyleColor(ImGuiCol_FrameBg, theme.background);
    ImGui::InputTextWithHint(id, hint, field.bytes.data(), field.bytes.size());
    ImGui::PopStyleColor();
    field.typing = ImGui::IsItemActive();
    return was_typing && !field.typing && enter;
}

}  // namespace vitrine::viz
