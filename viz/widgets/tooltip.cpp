#include "viz/widgets/tooltip.h"

#include <algorithm>

#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

void push_card_style(const Theme& theme) {
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {3.0F * theme.unit, 2.5F * theme.unit});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, theme.radius);
    ImGui::PushStyleColor(ImGuiCol_PopupBg, theme.surface);
    ImGui::PushStyleColor(ImGuiCol_Border, theme.border);
}

}  // namespace

void begin_card(const Theme& theme) {
    push_card_style(theme);
    ImGui::BeginTooltip();
}

void begin_card_at(const Theme& theme, ImVec2 anchor) {
    push_card_style(theme);
    const ImVec2 display = ImGui::GetIO().DisplaySize;
    // The card opens towards the middle of the window, so it is never cut off.
    const ImVec2 pivot{anchor.x > display.x * 0.6F ? 1.0F : 0.0F,
                       anchor.y > display.y * 0.6F ? 1.0F : 0.0F};
    ImGui::SetNextWindowPos(anchor, ImGuiCond_Always, pivot);
    ImGui::Begin("##card", nullptr,
                 ImGuiWindowFlags_Tooltip | ImGuiWindowFlags_NoInputs |
                     ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoMove |
                     ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoSavedSettings |
                     ImGuiWindowFlags_AlwaysAutoResize);
}

void end_card() {
    ImGui::End();  // EndTooltip() is the same call
    ImGui::PopStyleColor(2);
    ImGui::PopStyleVar(2);
}

void card_heading(const Theme& theme, const std::string& text) {
    ImGui::PushFont(theme.fonts.bold);
    ImGui::TextUnformatted(displayable(text).c_str());
    ImGui::PopFont();
}

void card_row(const Theme& theme, const char* name, const std::string& value, float label_width) {
    const float start = ImGui::GetCursorScreenPos().x;
    ImGui::PushStyleColor(ImGuiCol_Text, theme.muted);
    ImGui::TextUnformatted(name);
    ImGui::PopStyleColor();
    ImGui::SameLine(0.0F, 0.0F);
    ImGui::SetCursorScreenPos({start + label_width, ImGui::GetCursorScreenPos().y});
    ImGui::TextUnformatted(displayable(value).c_str());
}

void card_note(const Theme& theme, const std::string& text, float wrap_width) {
    ImGui::PushStyleColor(ImGuiCol_Text, theme.muted);
    ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + wrap_width);
    ImGui::TextUnformatted(displayable(text).c_str());
    ImGui::PopTextWrapPos();
    ImGui::PopStyleColor();
}

void caption(const Theme& theme, const std::string& text, float width) {
    ImGui::PushFont(theme.fonts.small);
    ImGui::PushStyleColor(ImGuiCol_Text, theme.muted);
    // A comma may hang over the end of a line: it has a little room.
    ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width - 0.5F * theme.unit);
    ImGui::TextUnformatted(displayable(text).c_str());
    ImGui::PopTextWrapPos();
    ImGui::PopStyleColor();
    ImGui::PopFont();
}

void small_heading(const Theme& theme, const std::string& text) {
    ImGui::PushFont(theme.fonts.bold);
    ImGui::TextUnformatted(displayable(text).c_str());
    ImGui::PopFont();
}

void explain(const Theme& theme, const char* sentence) {
    // In a small window the view itself needs the room.
    const bool small = ImGui::GetWindowSize().y < 140.0F * theme.unit;
    ImGui::PushFont(small ? theme.fonts.small : theme.fonts.body);
    ImGui::PushStyleColor(ImGuiCol_Text, theme.muted);
    // ImGui rounds a line's width up: one that fills the room would make the view scroll sideways.
    ImGui::PushTextWrapPos(ImGui::GetContentRegionMax().x - 1.0F);
    ImGui::TextUnformatted(sentence);
    ImGui::PopTextWrapPos();
    ImGui::PopStyleColor();
    ImGui::PopFont();
    if (!small) ImGui::Dummy({0.0F, theme.unit});
}

void draw_state(const Theme& theme, const std::string& title, const std::string& sentence,
                ImU32 title_colour) {
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const float width = std::min(room.x, 110.0F * theme.unit);
    const float left = ImGui::GetCursorPosX() + (room.x - width) / 2.0F;
    ImGui::SetCursorPosY(ImGui::GetCursorPosY() + std::max(0.0F, room.y * 0.32F));
    ImGui::PushFont(theme.fonts.title);
    const float title_width = std::min(width, text_width(theme.fonts.title, title));
    ImGui::SetCursorPosX(left + (width - title_width) / 2.0F);
    ImGui::PushStyleColor(ImGuiCol_Text, title_colour);
    ImGui::PushTextWrapPos(left + width);
    ImGui::TextUnformatted(title.c_str());
    ImGui::PopStyleColor();
    ImGui::PopFont();
    ImGui::PushStyleColor(ImGuiCol_Text, theme.muted);
    const float line = std::min(width, text_width(ImGui::GetFont(), sentence));
    ImGui::SetCursorPosX(left + (width - line) / 2.0F);
    ImGui::TextUnformatted(sentence.c_str());
    ImGui::PopTextWrapPos();
    ImGui::PopStyleColor();
}

void wrapped(const std::string& text, ImU32 colour) {
    ImGui::PushStyleColor(ImGuiCol_Text, colour);
    ImGui::PushTextWrapPos(0.0F);
    ImGui::TextUnformatted(text.c_str());
    ImGui::PopTextWrapPos();
    ImGui::PopStyleColor();
}

void hover_note(const Theme& theme, const char* sentence) {
    if (!ImGui::IsItemHovered()) return;
    begin_card(theme);
    card_note(theme, sentence, 80.0F * theme.unit);
    end_card();
}

}  // namespace vitrine::viz
