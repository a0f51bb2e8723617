// The formulas of a lesson, drawn.
#include <algorithm>
#include <cmath>
#include <initializer_list>

#include "tensor/error.h"
#include "text/utf8.h"
#include "viz/app/displayable.h"
#include "viz/reader/reader.h"

namespace vitrine::viz {

namespace {

/// A root sign, a tall delimiter or a brace.
void draw_stroke(const MathBox::Stroke& s, float x, float baseline, ImU32 colour, float thin) {
    ImDrawList* draw = ImGui::GetWindowDrawList();
    const float x0 = x + s.x0, x1 = x + s.x1, y0 = baseline + s.y0, y1 = baseline + s.y1,
                middle = (y0 + y1) / 2, centre = (x0 + x1) / 2;
    const auto path = [&](std::initializer_list<ImVec2> points) {
        for (const ImVec2& point : points) draw->PathLineTo(point);
    };
    switch (s.shape) {
        case U'√':
            path({{x0, y0 + 0.62F * (y1 - y0)},
                  {x0 + 0.25F * (x1 - x0), y0 + 0.56F * (y1 - y0)},
                  {x0 + 0.55F * (x1 - x0), y1},
                  {x1, y0}});
            break;
        case U'(':
            path({{x1, y0}});
            draw->PathBezierQuadraticCurveTo({x0 - 0.6F * (x1 - x0), middle}, {x1, y1});
            break;
        case U')':
            path({{x0, y0}});
            draw->PathBezierQuadraticCurveTo({x1 + 0.6F * (x1 - x0), middle}, {x0, y1});
            break;
        case U'[': path({{x1, y0}, {x0, y0}, {x0, y1}, {x1, y1}}); break;
        case U']': path({{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}}); break;
        case U'⌊': path({{x0, y0}, {x0, y1}, {x1, y1}}); break;
        case U'⌋': path({{x1, y0}, {x1, y1}, {x0, y1}}); break;
        case U'⌈': path({{x1, y0}, {x0, y0}, {x0, y1}}); break;
        case U'⌉': path({{x0, y0}, {x1, y0}, {x1, y1}}); break;
        case U'⟨': path({{x1, y0}, {x0, middle}, {x1, y1}}); break;
        case U'⟩': path({{x0, y0}, {x1, middle}, {x0, y1}}); break;
        case U'‖':
            draw->AddLine({x0 + 0.25F * (x1 - x0), y0}, {x0 + 0.25F * (x1 - x0), y1}, colour,
                          1.3F * thin);
            path({{x1 - 0.25F * (x1 - x0), y0}, {x1 - 0.25F * (x1 - x0), y1}});
            break;
        case U'{':
        case U'}': {
            const float tip = s.shape == U'{' ? x0 : x1, ends = s.shape == U'{' ? x1 : x0;
            path({{ends, y0}});
            draw->PathBezierCubicCurveTo({centre, y0}, {centre, middle}, {tip, middle});
            draw->PathBezierCubicCurveTo({centre, middle}, {centre, y1}, {ends, y1});
            break;
        }
        case U'⏞':
        case U'⏟': {
            const float tip = s.shape == U'⏞' ? y0 : y1, ends = s.shape == U'⏞' ? y1 : y0;
            const float bend = std::min(0.25F * (x1 - x0), 1.2F * (y1 - y0));
            path({{x0, ends}});
            draw->PathBezierQuadraticCurveTo({x0, middle}, {x0 + bend, middle});
            path({{centre - bend, middle}});
            draw->PathBezierQuadraticCurveTo({centre, middle}, {centre, tip});
            draw->PathBezierQuadraticCurveTo({centre, middle}, {centre + bend, middle});
            path({{x1 - bend, middle}});
            draw->PathBezierQuadraticCurveTo({x1, middle}, {x1, ends});
            break;
        }
        default: path({{centre, y0}, {centre, y1}});
    }
    draw->PathStroke(colour, 0, 1.3F * thin);
}

}  // namespace

const MathBox* Reader::formula(const std::string& latex, bool display, float size) {
    const std::string key = (display ? "D" : "I") + std::to_string(size) + latex;
    const auto found = formulas_.find(key);
    if (found != formulas_.end()) return &found->second;
    if (problems_.count(latex) != 0) return nullptr;
    const Fonts& fonts = context_->theme.fonts;
    const MathAdvance advance = [&](char32_t c, bool italic, float at_size) {
        std::string text;
        append_code_point(text, c);
        const ImFont* font = italic ? fonts.math : fonts.roman;
        return font->CalcTextSizeA(at_size, FLT_MAX, 0, displayable(text).c_str()).x;
    };
    try {
        return &(formulas_[key] = lay_out_math(latex, size, display, advance));
    } catch (const ArgumentError& problem) {
        problems_[latex] = problem.what();
        return nullptr;
    }
}

void Reader::draw_formula(const MathBox& box, float x, float baseline, ImU32 colour) {
    ImDrawList* draw = ImGui::GetWindowDrawList();
    const Fonts& fonts = context_->theme.fonts;
    for (const MathBox::Glyph& glyph : box.glyphs) {
        if (glyph.character == U'−') {  // a hairline that small sizes would lose
            const float half = std::max(0.5F, 0.024F * glyph.size);
            const float y = std::round(baseline + glyph.y - 0.25F * glyph.size);
            draw->AddRectFilled({x + glyph.x + 0.06F * glyph.size, y - half},
                                {x + glyph.x + 0.52F * glyph.size, y + half}, colour);
            continue;
        }
        std::string text;
        append_code_point(text, glyph.character);
        ImFont* font = glyph.italic ? fonts.math : fonts.roman;
        const float top = glyph.y - font->Ascent * glyph.size / font->FontSize;
        draw->AddText(font, glyph.size, {x + glyph.x, baseline + top}, colour,
                      displayable(text).c_str());
    }
    for (const MathBox::Rule& rule : box.rules) {
        draw->AddRectFilled({x + rule.x0, baseline + rule.y0}, {x + rule.x1, baseline + rule.y1},
                            colour);
    }
    for (const MathBox::Stroke& stroke : box.strokes)
        draw_stroke(stroke, x, baseline, colour, std::max(1.0F, 0.06F * body_size_));
}

void Reader::draw_display(const Span& span, float left, float width) {
    const float size = 1.08F * body_size_;
    const MathBox* box = formula(span.text, true, size);
    const Theme& theme = context_->theme;
    gap(2);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    if (box == nullptr) {
        ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width);
        ImGui::TextColored(ImGui::ColorConvertU32ToFloat4(theme.bad), "%s",
                           problems_[span.text].c_str());
        ImGui::PopTextWrapPos();
        return;
    }
    // A formula wider than the column becomes smaller rather than cut off.
    const MathBox* drawn =
        box->width > width ? formula(span.text, true, size * width / box->width * 0.98F) : box;
    draw_formula(*drawn, left + std::max(0.0F, (width - drawn->width) / 2), at.y + drawn->ascent,
                 theme.text);
    ImGui::Dummy({width, drawn->ascent + drawn->descent});
    gap(3);
}

}  // namespace vitrine::viz
