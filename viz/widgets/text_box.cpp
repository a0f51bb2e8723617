#include "viz/widgets/text_box.h"

#include <algorithm>
#include <cmath>

#include <imgui_internal.h>
#include "text/grapheme.h"
#include "text/utf8.h"

#include "viz/widgets/keys.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

float width_of(const Theme& theme, std::string_view text) {
    return text_width(theme.fonts.body, displayable(text));
}

}  // namespace

std::string TextBox::text() const {
    std::string text = edit_.text();
    text.insert(edit_.caret(), composer_.preedit());
    return text;
}

void TextBox::set_text(std::string_view text, bool continues) {
    composer_.flush();
    edit_.set(text, continues);
}

void TextBox::toggle_hangul() {
    finish_syllable();
    hangul_ = !hangul_;
    std::erase(typed_, U' ');  // the one of Shift+Space is no text
}

void TextBox::finish_syllable() {
    const std::string syllable = composer_.flush();
    if (!syllable.empty()) edit_.insert(syllable);
}

void TextBox::take_typed(bool& changed) {
    const bool command = ImGui::GetIO().KeyCtrl || ImGui::GetIO().KeySuper;
    for (const char32_t character : typed_) {
        if (command && !ImGui::GetIO().KeyAlt) continue;
        if (character < 0x20 || character == 0x7f) continue;
        if (hangul_ && character < 0x80) {
            if (composer_.preedit().empty() && edit_.has_selection()) edit_.erase_back();
            const std::string finished = composer_.type(static_cast<char>(character));
            if (!finished.empty()) edit_.insert(finished);
        } else {
            finish_syllable();
            std::string text;
            append_code_point(text, character);
            edit_.insert(text);
        }
        changed = true;
    }
    typed_.clear();
}

void TextBox::take_keys(bool& changed) {
    const ImGuiIO& io = ImGui::GetIO();
    const bool word = io.KeyCtrl, select = io.KeyShift, command = io.KeyCtrl || io.KeySuper;
    const auto move = [&](Motion motion) {
        finish_syllable();
        edit_.move(motion, select);
        wanted_x_ = -1;
        blink_start_ = ImGui::GetTime();
    };
    if (key_pressed(ImGuiKey_LeftArrow)) move(word ? Motion::word_left : Motion::left);
    if (key_pressed(ImGuiKey_RightArrow)) move(word ? Motion::word_right : Motion::right);
    if (key_pressed(ImGuiKey_Home)) move(word ? Motion::text_start : Motion::line_start);
    if (key_pressed(ImGuiKey_End)) move(word ? Motion::text_end : Motion::line_end);
    if (key_pressed(ImGuiKey_Backspace)) {
        if (!composer_.backspace()) edit_.erase_back(word);
        changed = true;
    }
    if (key_pressed(ImGuiKey_Delete)) {
        finish_syllable();
        edit_.erase_forward(word);
        changed = true;
    }
    if (key_pressed(ImGuiKey_Enter) && !command) {
        finish_syllable();
        edit_.insert("\n");
        changed = true;
    }
    if (!command) return;
    const auto copy = [&] {
        if (edit_.has_selection()) ImGui::SetClipboardText(edit_.selection().c_str());
    };
    if (key_pressed(ImGuiKey_A, false)) edit_.select_all();
    if (key_pressed(ImGuiKey_C, false)) copy();
    if (key_pressed(ImGuiKey_X, false) && edit_.has_selection()) {
        copy();
        edit_.erase_back();
        changed = true;
    }
    if (key_pressed(ImGuiKey_V)) {
        finish_syllable();
        const char* clipboard = ImGui::GetClipboardText();
        edit_.insert(clipboard == nullptr ? "" : clipboard);
        changed = true;
    }
    if (key_pressed(ImGuiKey_Z)) {
        finish_syllable();
        changed = (select ? edit_.redo() : edit_.undo()) || changed;
    }
    if (key_pressed(ImGuiKey_Y)) changed = edit_.redo() || changed;
}

void TextBox::lay_out(const Theme& theme, float width) {
    const std::string preedit = composer_.preedit();
    shown_ = edit_.text();
    shown_.insert(edit_.caret(), preedit);
    shown_caret_ = edit_.caret() + preedit.size();
    lines_.clear();
    std::size_t begin = 0, last_space = std::string::npos;
    float x = 0;
    for (std::size_t at = 0; at < shown_.size();) {
        const std::size_t end = next_grapheme(shown_, at);
        if (shown_[at] == '\n') {
            lines_.push_back({begin, at});
            begin = end;
            x = 0;
            last_space = std::string::npos;
        } else {
            x += width_of(theme, std::string_view(shown_).substr(at, end - at));
            if (x > width && at > begin) {  // at a space, else within a word
                const bool at_space = last_space != std::string::npos && last_space > begin;
                const std::size_t cut = at_space ? last_space : at;
                lines_.push_back({begin, cut});
                begin = cut;
                last_space = std::string::npos;
                x = width_of(theme, std::string_view(shown_).substr(begin, end - begin));
            }
            if (shown_[at] == ' ') last_space = end;
        }
        at = end;
    }
    lines_.push_back({begin, shown_.size()});
}

std::size_t TextBox::line_of(std::size_t offset) const {
    std::size_t line = 0;
    while (line + 1 < lines_.size() && lines_[line + 1].begin <= offset) ++line;
    return line;
}

float TextBox::x_of(const Theme& theme, std::size_t line, std::size_t offset) const {
    const std::size_t begin = lines_[line].begin;
    return width_of(theme, std::string_view(shown_).substr(begin, offset - begin));
}

std::size_t TextBox::offset_at(const Theme& theme, std::size_t line, float x) const {
    std::size_t at = lines_[line].begin;
    while (at < lines_[line].end) {
        const std::size_t next = next_grapheme(shown_, at);
        if (x < (x_of(theme, line, at) + x_of(theme, line, next)) / 2) return at;
        at = next;
    }
    // The end of a wrapped line is the start of the next one: stay before the space.
    const bool wrapped = line + 1 < lines_.size() && lines_[line + 1].begin == lines_[line].end;
    return wrapped && at > lines_[line].begin ? previous_grapheme(shown_, at) : at;
}

void TextBox::move_by_line(int step, bool select, const Theme& theme) {
    finish_syllable();
    const std::size_t line = line_of(edit_.caret());
    if (wanted_x_ < 0) wanted_x_ = x_of(theme, line, edit_.caret());
    if (step < 0 && line == 0) return edit_.move(Motion::text_start, select);
    if (step > 0 && line + 1 == lines_.size()) return edit_.move(Motion::text_end, select);
    edit_.place(offset_at(theme, step < 0 ? line - 1 : line + 1, wanted_x_), select);
}

void TextBox::take_mouse(const Theme& theme, float left, float top, float line_height) {
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const auto row = static_cast<std::ptrdiff_t>(std::floor((mouse.y - top) / line_height)) +
                     static_cast<std::ptrdiff_t>(first_line_);
    const auto line = static_cast<std::size_t>(
        std::clamp<std::ptrdiff_t>(row, 0, static_cast<std::ptrdiff_t>(lines_.size()) - 1));
    const std::size_t offset = offset_at(theme, line, mouse.x - left);
    if (ImGui::IsItemClicked()) {
        finish_syllable();
        if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
            edit_.select_word(offset);
        } else {
            edit_.place(offset, ImGui::GetIO().KeyShift);
            dragging_ = true;
        }
        focused_ = true;
        wanted_x_ = -1;
        blink_start_ = ImGui::GetTime();
    } else if (dragging_ && ImGui::IsMouseDown(ImGuiMouseButton_Left)) {
        edit_.place(offset, true);
    } else {
        dragging_ = false;
    }
}

void TextBox::draw_lines(const Theme& theme, float left, float top, float line_height) {
    ImDrawList* draw = ImGui::GetWindowDrawList();
    ImFont* font = theme.fonts.body;
    const std::size_t from = edit_.selection_begin(), to = edit_.selection_end();
    const std::size_t preedit = shown_.size() - edit_.text().size();
    for (std::size_t line = 0; line < lines_.size(); ++line) {
        const float y =
            top + (static_cast<float>(line) - static_cast<float>(first_line_)) * line_height;
        const auto [begin, end] = lines_[line];
        if (focused_ && edit_.has_selection() && preedit == 0 && from <= end && to >= begin) {
            const float x0 = left + x_of(theme, line, std::max(from, begin));
            const float x1 = left + x_of(theme, line, std::clamp(to, begin, end));
            draw->AddRectFilled({x0, y}, {std::max(x1, x0 + theme.unit), y + line_height},
                                ImGui::GetColorU32(ImGuiCol_TextSelectedBg));
        }
        const std::string text = displayable(std::string_view(shown_).substr(begin, end - begin));
        draw->AddText(font, font->FontSize, {left, y + (line_height - font->FontSize) / 2},
                      theme.text, text.c_str());
        if (preedit > 0 && line_of(shown_caret_ - preedit) == line) {
            const float x0 = left + x_of(theme, line, shown_caret_ - preedit);
            const float x1 = left + x_of(theme, line, shown_caret_);
            draw->AddLine({x0, y + line_height - 2}, {x1, y + line_height - 2}, theme.accent, 2);
        }
    }
    const bool lit = std::fmod(ImGui::GetTime() - blink_start_, 1.06) < 0.53;
    if (focused_ && lit) {
        const std::size_t line = line_of(shown_caret_);
        const float x = left + x_of(theme, line, shown_caret_);
        const float y =
            top + (static_cast<float>(line) - static_cast<float>(first_line_)) * line_height;
        draw->AddRectFilled({x, y + 2},
                            {x + std::max(1.0F, theme.scale * 1.5F), y + line_height - 2},
                            theme.accent);
    }
}

bool TextBox::draw(const Theme& theme, Language language, float width, int lines) {
    const float pad = 2.5F * theme.unit;
    const float line_height = std::round(theme.fonts.body->FontSize * 1.5F);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const ImVec2 size{width, static_cast<float>(lines) * line_height + 2 * pad};
    ImGui::InvisibleButton("##text", size);
    if (wants_focus_ > 0) {
        ImGuiWindow* window = ImGui::GetCurrentWindow();
        ImGui::FocusWindow(window);
        ImGui::SetFocusID(ImGui::GetItemID(), window);
    }
    const bool hovered = ImGui::IsItemHovered();
    if (hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_TextInput);
    if (wants_focus_ > 0 || ImGui::IsItemClicked() || (has_key_focus() && !focused_))
        focused_ = true;
    if (!ImGui::IsItemFocused() && wants_focus_ == 0) focused_ = false;
    if (ImGui::IsMouseClicked(ImGuiMouseButton_Left) && !hovered) focused_ = false;
    wants_focus_ = std::max(0, wants_focus_ - 1);

    bool changed = false;
    lay_out(theme, width - 2 * pad);
    const float left = at.x + pad, top = at.y + pad;
    take_mouse(theme, left, top, line_height);
    if (focused_) {
        if (!key_pressed(ImGuiKey_Tab)) keep_focus_here();
        take_keys(changed);
        take_typed(changed);
        if (key_pressed(ImGuiKey_UpArrow)) move_by_line(-1, ImGui::GetIO().KeyShift, theme);
        if (key_pressed(ImGuiKey_DownArrow)) move_by_line(1, ImGui::GetIO().KeyShift, theme);
        if (changed) {
            wanted_x_ = -1;
            blink_start_ = ImGui::GetTime();
        }
        lay_out(theme, width - 2 * pad);
    } else {
        finish_syllable();
        typed_.clear();
    }
    const std::size_t line = line_of(shown_caret_);
    const auto visible = static_cast<std::size_t>(lines);
    if (focused_ && !dragging_) {
        if (line < first_line_) first_line_ = line;
        if (line >= first_line_ + visible) first_line_ = line + 1 - visible;
    }
    if (hovered && ImGui::GetIO().MouseWheel != 0) {
        const auto step = static_cast<std::ptrdiff_t>(ImGui::GetIO().MouseWheel > 0 ? -1 : 1);
        first_line_ = static_cast<std::size_t>(
            std::max<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(first_line_) + step));
    }
    first_line_ = std::min(first_line_, lines_.size() > visible ? lines_.size() - visible : 0);

    ImDrawList* draw = ImGui::GetWindowDrawList();
    const ImVec2 end{at.x + size.x, at.y + size.y};
    draw->AddRectFilled(at, end, theme.surface, theme.radius);
    draw->AddRect(at, end, focused_ ? theme.accent : theme.border, theme.radius, 0,
                  focused_ ? 2.0F * theme.scale : theme.scale);
    draw->PushClipRect({at.x + 1, at.y + 1}, {end.x - 1, end.y - 1}, true);
    if (shown_.empty()) {
        draw->AddText(theme.fonts.body, theme.fonts.body->FontSize,
                      {left, top + (line_height - theme.fonts.body->FontSize) / 2}, theme.muted,
                      say(language, "Type a text: every view follows it.",
                          "글을 입력해 보세요. 모든 화면이 따라 바뀌어요."));
    }
    draw_lines(theme, left, top, line_height);
    draw->PopClipRect();
    return changed;
}

}  // namespace vitrine::viz
