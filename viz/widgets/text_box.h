// The text box above the stage. Dear ImGui's own field keeps 16-bit characters and would turn an
// emoji into U+FFFD; this one keeps UTF-8 and edits by grapheme.
#pragma once

#include <string>
#include <vector>

#include "viz/app/language.h"
#include "viz/app/theme.h"
#include "viz/widgets/hangul_composer.h"
#include "viz/widgets/text_edit.h"

namespace vitrine::viz {

class TextBox {
   public:
    explicit TextBox(std::string_view text) : edit_(text) {}

    /// Characters typed since the last frame, as the window system delivers them.
    void type(char32_t character) { typed_.push_back(character); }
    /// Draws the box and takes the keys if it has the focus. True if the text changed.
    bool draw(const Theme& theme, Language language, float width, int lines);

    /// With the syllable that is being composed.
    std::string text() const;
    void set_text(std::string_view text, bool continues = false);
    void focus() { wants_focus_ = 3; }
    bool focused() const { return focused_; }
    bool composing_hangul() const { return hangul_; }
    void toggle_hangul();

   private:
    struct Line {
        std::size_t begin, end;  // bytes of the shown text
    };
    void take_keys(bool& changed);
    void take_typed(bool& changed);
    void take_mouse(const Theme& theme, float left, float top, float line_height);
    void move_by_line(int step, bool select, const Theme& theme);
    void lay_out(const Theme& theme, float width);
    void draw_lines(const Theme& theme, float left, float top, float line_height);
    void finish_syllable();
    std::size_t line_of(std::size_t offset) const;
    std::size_t offset_at(const Theme& theme, std::size_t line, float x) const;
    float x_of(const Theme& theme, std::size_t line, std::size_t offset) const;

    TextEdit edit_;
    HangulComposer composer_;
    std::vector<char32_t> typed_;
    std::string shown_;  // the text with the syllable being composed in it
    std::size_t shown_caret_ = 0;
    std::vector<Line> lines_;
    std::size_t first_line_ = 0;  // scrolled to
    bool focused_ = false, hangul_ = false, dragging_ = false;
    int wants_focus_ = 3;  // frames: ImGui moves it once more when a window has just opened
    float wanted_x_ = -1;  // column that the caret keeps while it moves over lines
    double blink_start_ = 0;
};

}  // namespace vitrine::viz
