#include "viz/reader/reader.h"

#include <algorithm>
#include <cmath>

#include "tensor/error.h"
#include "text/hangul.h"
#include "text/utf8.h"
#include "viz/app/displayable.h"
#include "viz/app/link.h"
#include "viz/widgets/tooltip.h"

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

/// Words that no line holds, an address or a long identifier, are cut to pieces that fit.
/// @param pad  on both sides of a piece of code
std::vector<Reader::Piece> Reader::cut_long(const std::vector<Piece>& pieces, float width,
                                            float pad) {
    std::vector<Piece> result;
    for (const Piece& piece : pieces) {
        if (piece.formula != nullptr || piece.width <= width) {
            result.push_back(piece);
            continue;
        }
        const float frame = piece.span->kind == Span::Kind::code ? 2 * pad : 0;
        Piece part = piece;
        part.text.clear();
        part.width = frame;
        for (std::size_t at = 0; at < piece.text.size();) {
            const auto bytes =
                static_cast<std::size_t>(std::max(1, read_code_point(piece.text, at).bytes));
            const std::string character = piece.text.substr(at, bytes);
            const float advance = width_of(piece.font, character);
            if (!part.text.empty() && part.width + advance > width) {
                result.push_back(part);
                part.text.clear();
                part.width = frame;
                part.space_before = false;
            }
            part.text += character;
            part.width += advance;
            at += bytes;
        }
        result.push_back(part);
    }
    return result;
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
            if (group > width) {  // too long for any line: it may break between its pieces
                group_end = line.end + 1;
                group = pieces[line.end].width;
            }
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
    if (piece.span->struck) {
        const float y = std::round(baseline - 0.28F * piece.font->FontSize);
        draw->AddLine({x, y}, {x + piece.width, y}, colour, theme.scale);
    }
    if (is_link) {
        draw_link(piece, x, baseline);
    } else if (piece.span->italic && !piece.span->bold) {
        // no slanted Hangul: a fine underline instead
        draw->AddLine({x, baseline + 2.5F * theme.scale},
                      {x + piece.width, baseline + 2.5F * theme.scale}, theme.border, theme.scale);
    }
}

void Reader::draw_link(const Piece& piece, float x, float baseline) {
    const Theme& theme = context_->theme;
    ImGui::SetCursorScreenPos({x, baseline - piece.ascent});
    ImGui::PushID(piece.span);
    if (ImGui::InvisibleButton(
            "link", {std::max(1.0F, piece.width), std::max(1.0F, piece.ascent + piece.descent)})) {
        context_->wishes.open_link = piece.span->link;
    }
    ImGui::PopID();
    const float y = baseline + 2 * theme.scale;
    ImGui::GetWindowDrawList()->AddLine({x, y}, {x + piece.width, y}, theme.accent, theme.scale);
    if (!ImGui::IsItemHovered()) return;
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    begin_card(theme);
    const std::string says = displayable(link_in_words(piece.span->link, context_->language));
    ImGui::PushTextWrapPos(70 * theme.unit);
    ImGui::TextUnformatted(says.c_str());
    ImGui::PopTextWrapPos();
    end_card();
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

void Reader::draw_spans(const Spans& spans, float left, float width, ImFont* font, ImU32 colour) {
    if (spans.size() == 1 && spans.front().kind == Span::Kind::display_math) {
        draw_display(spans.front(), left, width);
        return;
    }
    const std::vector<Piece> pieces = cut_long(pieces_of(spans, font), width, context_->theme.unit);
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
