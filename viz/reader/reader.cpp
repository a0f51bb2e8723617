#include "viz/reader/reader.h"

#include <algorithm>
#include <cmath>

#include "tensor/error.h"
#include "text/hangul.h"
#include "text/utf8.h"
#include "viz/app/displayable.h"

namespace vitrine::viz {

namespace {

float ascent_of(const ImFont* font) {
    return font->Ascent;
}
float width_of(const ImFont* font, const std::string& text) {
    return font->CalcTextSizeA(font->FontSize, FLT_MAX, 0, text.c_str()).x;
}

}  // namespace

void Reader::gap(float units) {
    ImGui::Dummy({0, units * context_->theme.unit});
}

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

void Reader::add_words(const Span& span, ImFont* font, std::vector<Piece>& pieces) {
    const std::string text = displayable(span.text);
    const float pad = span.kind == Span::Kind::code ? context_->theme.unit : 0;
    std::size_t at = 0;
    bool space = false;
    while (at < text.size()) {
        if (text[at] == ' ') {
            space = true;
            ++at;
            continue;
        }
        std::size_t end = at;
        while (end < text.size() && text[end] != ' ') ++end;
        Piece piece;
        piece.span = &span;
        piece.font = font;
        piece.text = text.substr(at, end - at);
        piece.width = width_of(font, piece.text) + 2 * pad;
        piece.ascent = ascent_of(font);
        piece.descent = font->FontSize - ascent_of(font);
        piece.space_before = space;
        pieces.push_back(std::move(piece));
        space = false;
        at = end;
    }
    if (space) {  // a space at the end joins what the next span starts with
        Piece gap_piece;
        gap_piece.span = &span;
        gap_piece.font = font;
        gap_piece.space_before = true;
        pieces.push_back(std::move(gap_piece));
    }
}

std::vector<Reader::Piece> Reader::pieces_of(const Spans& spans, ImFont* font) {
    const Fonts& fonts = context_->theme.fonts;
    std::vector<Piece> pieces;
    for (const Span& span : spans) {
        if (span.kind == Span::Kind::math) {
            Piece piece;
            piece.span = &span;
            piece.font = font;
            piece.formula = formula(span.text, false, 0.95F * font->FontSize);
            piece.text = piece.formula == nullptr ? "$" + span.text + "$" : "";
            piece.width =
                piece.formula == nullptr ? width_of(font, piece.text) : piece.formula->width;
            piece.ascent = piece.formula == nullptr ? ascent_of(font) : piece.formula->ascent;
            piece.descent = piece.formula == nullptr ? font->FontSize - ascent_of(font)
                                                     : piece.formula->descent;
            pieces.push_back(piece);
            continue;
        }
        ImFont* used = span.kind == Span::Kind::code      ? fonts.mono
                       : span.bold && font != fonts.title ? fonts.bold
                                                          : font;
        add_words(span, used, pieces);
    }
    return pieces;
}

std::vector<Reader::Line> Reader::break_lines(const std::vector<Piece>& pieces, float width) const {
    std::vector<Line> lines;
    const float blank = 0.28F * body_size_;
    std::size_t begin = 0;
    while (begin < pieces.size()) {
        Line line{begin, begin, 0, 0, 0};
        // Pieces without a space between them stay together: a word and its full stop.
        while (line.end < pieces.size()) {
            std::size_t group_end = line.end + 1;
            float group = pieces[line.end].width;
            while (group_end < pieces.size() && !pieces[group_end].space_before)
                group += pieces[group_end++].width;
            const float space = line.end > begin && pieces[line.end].space_before ? blank : 0;
            if (line.end > begin && line.width + space + group > width) break;
            line.width += space + group;
            line.end = group_end;
        }
        for (std::size_t i = line.begin; i < line.end; ++i) {
            line.ascent = std::max(line.ascent, pieces[i].ascent);
            line.descent = std::max(line.descent, pieces[i].descent);
        }
        lines.push_back(line);
        begin = line.end;
    }
    return lines;
}

float Reader::spans_width(const Spans& spans, ImFont* font) {
    float width = 0;
    for (const Piece& piece : pieces_of(spans, font)) {
        width += piece.width + (piece.space_before && width > 0 ? 0.28F * body_size_ : 0);
    }
    return width;
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
    const float thin = std::max(1.0F, 0.06F * body_size_);
    for (const MathBox::Stroke& s : box.strokes) {
        const float x0 = x + s.x0, x1 = x + s.x1, y0 = baseline + s.y0, y1 = baseline + s.y1,
                    middle = (y0 + y1) / 2;
        switch (s.shape) {
            case U'√':
                draw->PathLineTo({x0, y0 + 0.62F * (y1 - y0)});
                draw->PathLineTo({x0 + 0.25F * (x1 - x0), y0 + 0.56F * (y1 - y0)});
                draw->PathLineTo({x0 + 0.55F * (x1 - x0), y1});
                draw->PathLineTo({x1, y0});
                break;
            case U'(':
                draw->PathLineTo({x1, y0});
                draw->PathBezierQuadraticCurveTo({x0 - 0.6F * (x1 - x0), middle}, {x1, y1});
                break;
            case U')':
                draw->PathLineTo({x0, y0});
                draw->PathBezierQuadraticCurveTo({x1 + 0.6F * (x1 - x0), middle}, {x0, y1});
                break;
            case U'[':
            case U']': {
                const float back = s.shape == U'[' ? x0 : x1, tip = s.shape == U'[' ? x1 : x0;
                draw->PathLineTo({tip, y0});
                draw->PathLineTo({back, y0});
                draw->PathLineTo({back, y1});
                draw->PathLineTo({tip, y1});
                break;
            }
            case U'{':
            case U'}': {
                const float tip = s.shape == U'{' ? x0 : x1, ends = s.shape == U'{' ? x1 : x0,
                            mid = (x0 + x1) / 2;
                draw->PathLineTo({ends, y0});
                draw->PathBezierCubicCurveTo({mid, y0}, {mid, middle}, {tip, middle});
                draw->PathBezierCubicCurveTo({mid, middle}, {mid, y1}, {ends, y1});
                break;
            }
            default: draw->PathLineTo({(x0 + x1) / 2, y0}); draw->PathLineTo({(x0 + x1) / 2, y1});
        }
        draw->PathStroke(colour, 0, 1.3F * thin);
    }
}

void Reader::draw_piece(const Piece& piece, float x, float baseline, ImU32 colour) {
    if (piece.width <= 0) return;
    ImDrawList* draw = ImGui::GetWindowDrawList();
    const Theme& theme = context_->theme;
    const bool is_link = !piece.span->link.empty();
    const bool is_code = piece.span->kind == Span::Kind::code;
    if (is_link) colour = theme.accent;
    const float top = baseline - piece.ascent;
    if (piece.formula != nullptr) {
        draw_formula(*piece.formula, x, baseline, colour);
    } else {
        if (piece.span->kind == Span::Kind::math) colour = theme.bad;
        if (is_code) {
            draw->AddRectFilled({x, top - 1}, {x + piece.width, baseline + piece.descent + 1},
                                theme.raised, theme.radius / 2);
        }
        draw->AddText(piece.font, piece.font->FontSize,
                      {x + (is_code ? theme.unit : 0), baseline - ascent_of(piece.font)}, colour,
                      piece.text.c_str());
    }
    if (!is_link) {
        if (piece.span->italic &&
            !piece.span->bold) {  // no slanted Hangul: a fine underline instead
            draw->AddLine({x, baseline + 2.5F * theme.scale},
                          {x + piece.width, baseline + 2.5F * theme.scale}, theme.border,
                          theme.scale);
        }
        return;
    }
    ImGui::SetCursorScreenPos({x, top});
    ImGui::PushID(piece.span);
    if (ImGui::InvisibleButton(
            "link", {std::max(1.0F, piece.width), std::max(1.0F, piece.ascent + piece.descent)})) {
        context_->wishes.open_link = piece.span->link;
    }
    ImGui::PopID();
    draw->AddLine({x, baseline + 2 * theme.scale}, {x + piece.width, baseline + 2 * theme.scale},
                  theme.accent, theme.scale);
    if (ImGui::IsItemHovered()) {
        ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        const bool stage = piece.span->link.rfind("view:", 0) == 0;
        ImGui::SetTooltip("%s", stage
                                    ? context_->say("Shows this on the stage", "무대에서 보여 줘요")
                                    : piece.span->link.c_str());
    }
}

void Reader::draw_line(const std::vector<Piece>& pieces, const Line& line, float left, float top,
                       ImU32 colour) {
    float x = left;
    for (std::size_t i = line.begin; i < line.end; ++i) {
        if (i > line.begin && pieces[i].space_before) x += 0.28F * body_size_;
        ImGui::PushID(static_cast<int>(i));
        draw_piece(pieces[i], x, top + line.ascent, colour);
        ImGui::PopID();
        x += pieces[i].width;
    }
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

void Reader::draw_spans(const Spans& spans, float left, float width, ImFont* font, ImU32 colour) {
    if (spans.size() == 1 && spans.front().kind == Span::Kind::display_math) {
        draw_display(spans.front(), left, width);
        return;
    }
    const std::vector<Piece> pieces = pieces_of(spans, font);
    const float leading = font == context_->theme.fonts.title ? 1.3F : 1.55F;
    for (const Line& line : break_lines(pieces, width)) {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float height =
            std::max(leading * font->FontSize, line.ascent + line.descent + 0.3F * font->FontSize);
        const float top = at.y + (height - line.ascent - line.descent) / 2;
        if (ImGui::IsRectVisible({left, at.y}, {left + width, at.y + height}))
            draw_line(pieces, line, left, top, colour);
        ImGui::SetCursorScreenPos({at.x, at.y});
        ImGui::Dummy({width, height});
    }
}

}  // namespace vitrine::viz
