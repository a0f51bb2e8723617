#include "viz/reader/math.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "tensor/error.h"
#include "text/utf8.h"
#include "viz/reader/math_symbols.h"

namespace vitrine::viz {

namespace {

struct Atom {
    MathBox box;
    Class kind = Class::ordinary;
    bool limits = false;  // scripts go above and below
};

using Style = FormulaStyle;

class Layout {
   public:
    Layout(std::string_view latex, const MathAdvance& advance) : text_(latex), advance_(advance) {}

    MathBox whole(const Style& style) {
        MathBox box = list(style, "");
        if (at_ < text_.size()) fail("the end of the formula", std::string(text_.substr(at_, 10)));
        return box;
    }

   private:
    [[noreturn]] void fail(const std::string& expected, const std::string& got) const {
        throw ArgumentError(
            "formula " + std::string(text_) + " at character " + std::to_string(at_), expected,
            "\"" + got + "\"");
    }

    void skip_blanks() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
    }
    bool take(std::string_view token) {
        skip_blanks();
        if (text_.substr(at_, token.size()) != token) return false;
        at_ += token.size();
        return true;
    }
    std::string command() {  // behind a backslash
        std::size_t end = at_;
        while (end < text_.size() && std::isalpha(static_cast<unsigned char>(text_[end])) != 0)
            ++end;
        if (end == at_ && end < text_.size()) ++end;
        const std::size_t begin = std::exchange(at_, end);
        return std::string(text_.substr(begin, end - begin));
    }
    /// The raw text of a group: of \text and \operatorname.
    std::string group_text() {
        if (!take("{")) fail("{", std::string(text_.substr(at_, 6)));
        const std::size_t end = text_.find('}', at_);
        if (end == std::string_view::npos) fail("}", "the end");
        std::string inside(text_.substr(at_, end - at_));
        at_ = end + 1;
        return inside;
    }
    /// A group in braces, or a single atom.
    MathBox argument(const Style& style) {
        const Level level(*this);
        if (take("{")) {
            MathBox box = list(style, "}");
            if (!take("}")) fail("}", "the end");
            return box;
        }
        return atom(style).box;
    }

    MathBox letters(std::string_view text, const Style& style, bool italic) const {
        MathBox box;
        for (std::size_t at = 0; at < text.size();) {
            const CodePoint point = read_code_point(text, at);
            if (point.bytes == 0) break;
            box.glyphs.push_back({point.value, box.width, 0, style.size, italic});
            box.width += advance_(point.value, italic, style.size);
            at += static_cast<std::size_t>(point.bytes);
        }
        box.ascent = 0.72F * style.size;
        box.descent = 0.22F * style.size;
        return box;
    }
    MathBox character(char32_t c, const Style& style, bool italic) const {
        std::string text;
        append_code_point(text, c);
        return letters(text, style, italic);
    }

    /// Atoms up to one of the terminators: "}", "&", "\\\\", "\\right", "\\end".
    MathBox list(const Style& style, std::string_view stop) {
        const Level level(*this);
        MathBox line;
        Class before = Class::open;
        bool first = true;
        while (true) {
            skip_blanks();
            if (at_ >= text_.size()) break;
            if (text_[at_] == '}' || text_[at_] == '&' || text_.substr(at_, 2) == "\\\\" ||
                (text_.substr(at_, 6) == "\\right" && text_.substr(at_, 11) != "\\rightarrow") ||
                text_.substr(at_, 4) == "\\end") {
                if (stop.empty() && text_[at_] == '}') fail("a matching {", "}");
                break;
            }
            Atom next = scripts(atom(style), style);
            // A binary operator without a left operand is a sign: -x.
            if (next.kind == Class::binary &&
                (first || before == Class::open || before == Class::relation ||
                 before == Class::binary || before == Class::punctuation || before == Class::op)) {
                next.kind = Class::ordinary;
            }
            if (!first) line.width += space_between(before, next.kind, style.script) * style.size;
            line.place(next.box, line.width, 0);
            before = next.kind;
            first = false;
        }
        return line;
    }

    /// One level deeper while it lives: a lesson needs ten, a hostile one would end the program.
    struct Level {
        int& depth;
        explicit Level(Layout& layout) : depth(layout.depth_) {
            if (++depth > 60) layout.fail("at most 60 levels of groups", "one more");
        }
        ~Level() { --depth; }
    };

    Atom scripts(Atom base, const Style& style) {
        MathBox above, below;
        bool has_above = false, has_below = false;
        while (true) {
            if (!has_above && take("^")) {
                above = argument(style.smaller());
                has_above = true;
            } else if (!has_below && take("_")) {
                below = argument(style.smaller());
                has_below = true;
            } else {
                break;
            }
        }
        if (!has_above && !has_below) return base;
        Atom result;
        result.kind = base.kind;
        MathBox& box = result.box;
        const float em = style.size;
        if (base.limits && style.display) {
            box.width = std::max({base.box.width, above.width, below.width});
            const float width = box.width;
            box.place(base.box, (width - base.box.width) / 2, 0);
            if (has_above)
                box.place(above, (width - above.width) / 2,
                          -base.box.ascent - 0.15F * em - above.descent);
            if (has_below)
                box.place(below, (width - below.width) / 2,
                          base.box.descent + 0.15F * em + below.ascent);
            box.width = width;
            return result;
        }
        box.place(base.box, 0, 0);
        const float x = base.box.width + 0.04F * em;
        const float up = std::max(0.40F * em, base.box.ascent - 0.38F * em);
        const float down = std::max(0.18F * em, base.box.descent - 0.05F * em);
        if (has_above) box.place(above, x, -up);
        if (has_below) box.place(below, x, down);
        box.width = x + std::max(above.width, below.width) + 0.05F * em;
        return result;
    }

    Atom atom(const Style& style) {
        skip_blanks();
        if (at_ >= text_.size()) fail("a symbol", "the end");
        if (text_[at_] == '{') return {argument(style)};
        if (take("\\")) return command_atom(command(), style);
        const CodePoint point = read_code_point(text_, at_);
        if (point.bytes == 0) fail("UTF-8", "a broken character");
        at_ += static_cast<std::size_t>(point.bytes);
        const char32_t c = point.value;
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (letter) return {character(c, style, true)};
        if (c == '-') return {character(U'−', style, false), Class::binary};
        if (c == '\'') return {character(U'′', style, false)};
        if (c == '+' || c == '*' || c == '/')
            return {character(c == '*' ? U'∗' : c, style, false),
                    c == '/' ? Class::ordinary : Class::binary};
        if (c == '=' || c == '<' || c == '>' || c == ':')
            return {character(c, style, false), Class::relation};
        if (c == '(' || c == '[') return {character(c, style, false), Class::open};
        if (c == ')' || c == ']') return {character(c, style, false), Class::close};
        if (c == ',' || c == ';') return {character(c, style, false), Class::punctuation};
        if (c == '^' || c == '_')
            fail("a symbol before a script", std::string(1, static_cast<char>(c)));
        return {character(c, style, false)};
    }

    Atom command_atom(const std::string& name, const Style& style) {
        if (const auto space = spaces().find(name); space != spaces().end()) {
            MathBox box;
            box.width = space->second * style.size;
            return {box};
        }
        if (name == "sum" || name == "prod")
            return big_operator(symbols().find(name)->second.character, style);
        if (const auto symbol = symbols().find(name); symbol != symbols().end()) {
            return {character(symbol->second.character, style, false), symbol->second.kind};
        }
        if (is_function_name(name))
            return {letters(name, style, false), Class::op,
                    name == "max" || name == "min" || name == "argmax"};
        if (name == "operatorname") return {letters(group_text(), style, false), Class::op};
        if (name == "text" || name == "mathrm" || name == "mathbf")
            return {letters(group_text(), style, false)};
        if (name == "mathbb") return {double_struck(group_text(), style)};
        if (name == "frac") return {fraction(style)};
        if (name == "sqrt") return {root(style)};
        if (name == "left") return {fenced(style)};
        if (name == "begin") return {matrix(style)};
        if (accent_mark(name) != 0) return {accent(name, style)};
        at_ -= std::min(at_, name.size() + 1);
        fail("a command that lessons may use", "\\" + name);
    }

    Atom big_operator(char32_t c, const Style& style) const {
        Style larger = style;
        larger.size *= style.display ? 1.45F : 1.1F;
        Atom result{character(c, larger, false), Class::op, true};
        const float drop = style.display ? 0.12F * style.size : 0;
        MathBox moved;
        moved.place(result.box, 0, drop);
        moved.ascent = 0.78F * larger.size - drop;
        moved.descent = 0.25F * larger.size + drop;
        result.box = moved;
        return result;
    }

    MathBox double_struck(const std::string& text, const Style& style) const {
        static const std::map<std::string, char32_t> known{{"R", U'ℝ'}, {"N", U'ℕ'}, {"Z", U'ℤ'},
                                                           {"Q", U'ℚ'}, {"C", U'ℂ'}, {"P", U'ℙ'}};
        const auto found = known.find(text);
        if (found == known.end()) fail("\\mathbb of R, N, Z, Q, C or P", text);
        return character(found->second, style, false);
    }

    MathBox fraction(const Style& style) {
        const Style part = style.display ? style.inner() : style.smaller();
        const MathBox top = argument(part);
        const MathBox bottom = argument(part);
        const float em = style.size, axis = 0.25F * em, thickness = std::max(1.0F, 0.05F * em),
                    gap = 0.14F * em;
        MathBox box;
        const float width = std::max(top.width, bottom.width) + 0.2F * em;
        box.place(top, (width - top.width) / 2, -axis - gap - top.descent);
        box.place(bottom, (width - bottom.width) / 2, -axis + gap + bottom.ascent);
        box.rules.push_back(
            {0.04F * em, -axis - thickness / 2, width - 0.04F * em, -axis + thickness / 2});
        box.width = width;
        return box;
    }

    MathBox root(const Style& style) {
        const MathBox inside = argument(style.inner());
        const float em = style.size, sign = 0.62F * em, gap = 0.12F * em,
                    thickness = std::max(1.0F, 0.05F * em);
        MathBox box;
        box.place(inside, sign + 0.06F * em, 0);
        const float top = -inside.ascent - gap;
        box.strokes.push_back({U'√', 0, top, sign, inside.descent});
        box.rules.push_back({sign - thickness / 2, top - thickness / 2,
                             sign + inside.width + 0.12F * em, top + thickness / 2});
        box.width = sign + inside.width + 0.14F * em;
        box.ascent = -top + 2 * thickness;
        box.descent = inside.descent;
        return box;
    }

    /// A delimiter that encloses what is between `ascent` and `descent` of the axis.
    MathBox delimiter(char32_t c, float ascent, float descent, const Style& style) const {
        const float em = style.size;
        if (c == U'.') return {};
        if (ascent + descent <= 1.1F * em) return character(c, style, false);
        MathBox box;
        box.width = (c == U'|' ? 0.25F : c == U'{' || c == U'}' ? 0.5F : 0.38F) * em;
        box.ascent = ascent + 0.05F * em;
        box.descent = descent + 0.05F * em;
        box.strokes.push_back({c, 0.06F * em, -box.ascent, box.width - 0.06F * em, box.descent});
        return box;
    }
    char32_t delimiter_name() {
        skip_blanks();
        if (take("\\{")) return U'{';
        if (take("\\}")) return U'}';
        if (at_ < text_.size() &&
            std::string_view("()[]|.").find(text_[at_]) != std::string_view::npos) {
            return static_cast<char32_t>(text_[at_++]);
        }
        fail("a delimiter: ( ) [ ] | . \\{ \\}", std::string(text_.substr(at_, 6)));
    }
    MathBox fenced(const Style& style) {
        const char32_t open = delimiter_name();
        const MathBox inside = list(style, "\\right");
        if (!take("\\right")) fail("\\right", "the end");
        const char32_t close = delimiter_name();
        MathBox box;
        box.place(delimiter(open, inside.ascent, inside.descent, style), 0, 0);
        box.place(inside, box.width, 0);
        box.place(delimiter(close, inside.ascent, inside.descent, style), box.width, 0);
        return box;
    }

    MathBox matrix(const Style& style) {
        const std::string kind = group_text();
        if (kind != "pmatrix" && kind != "bmatrix" && kind != "matrix" && kind != "cases") {
            fail("pmatrix, bmatrix, matrix or cases", kind);
        }
        std::vector<std::vector<MathBox>> rows(1);
        while (true) {
            rows.back().push_back(list(style.inner(), "\\end"));
            if (take("&")) continue;
            if (take("\\\\")) {
                rows.emplace_back();
                continue;
            }
            if (take("\\end")) break;
            fail("& or \\\\ or \\end", std::string(text_.substr(at_, 6)));
        }
        if (group_text() != kind) fail("\\end{" + kind + "}", "another");
        const MathBox inside = grid(rows, style, kind == "cases");
        const char32_t open = kind == "pmatrix"   ? U'('
                              : kind == "bmatrix" ? U'['
                              : kind == "cases"   ? U'{'
                                                  : U'.';
        const char32_t close = kind == "pmatrix" ? U')' : kind == "bmatrix" ? U']' : U'.';
        MathBox box;
        box.place(delimiter(open, inside.ascent, inside.descent, style), 0, 0);
        box.place(inside, box.width, 0);
        box.place(delimiter(close, inside.ascent, inside.descent, style), box.width, 0);
        return box;
    }
    static MathBox grid(const std::vector<std::vector<MathBox>>& rows, const Style& style,
                        bool left) {
        const float em = style.size;
        std::vector<float> widths;
        float height = 0;
        std::vector<std::pair<float, float>> extents;
        for (const auto& row : rows) {
            float ascent = 0.7F * em, descent = 0.3F * em;
            for (std::size_t c = 0; c < row.size(); ++c) {
                if (c >= widths.size()) widths.push_back(0);
                widths[c] = std::max(widths[c], row[c].width);
                ascent = std::max(ascent, row[c].ascent);
                descent = std::max(descent, row[c].descent);
            }
            extents.emplace_back(ascent, descent);
            height += ascent + descent + 0.2F * em;
        }
        MathBox box;
        float y = -height / 2 - 0.25F * em;
        for (std::size_t r = 0; r < rows.size(); ++r) {
            y += extents[r].first + 0.1F * em;
            float x = 0.15F * em;
            for (std::size_t c = 0; c < rows[r].size(); ++c) {
                box.place(rows[r][c], left ? x : x + (widths[c] - rows[r][c].width) / 2, y);
                x += widths[c] + (c + 1 < rows[r].size() ? 0.9F : 0.15F) * em;
            }
            box.width = std::max(box.width, x);
            y += extents[r].second + 0.1F * em;
        }
        return box;
    }

    MathBox accent(const std::string& name, const Style& style) {
        const MathBox inside = argument(style);
        const MathBox above = character(accent_mark(name), style.smaller(), false);
        MathBox box = inside;
        box.place(above, (inside.width - above.width) / 2, -0.55F * style.size);
        box.width = inside.width;
        return box;
    }

    std::string_view text_;
    int depth_ = 0;
    const MathAdvance& advance_;
    std::size_t at_ = 0;
};

}  // namespace

MathBox lay_out_math(std::string_view latex, float size, bool display, const MathAdvance& advance) {
    return Layout(latex, advance).whole({size, display});
}

}  // namespace vitrine::viz
