#include "viz/reader/math.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "tensor/error.h"
#include "text/utf8.h"
#include "viz/reader/math_parts.h"
#include "viz/reader/math_symbols.h"

namespace vitrine::viz {

namespace {

struct Atom {
    MathBox box;
    Class kind = Class::ordinary;
    bool limits = false;         // scripts go above and below in a displayed formula
    bool always_limits = false;  // and in a line of text too
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
        const bool centred = base.limits && (style.display || base.always_limits);
        const auto put = centred ? limits_box : scripts_box;
        return {
            put(base.box, has_above ? &above : nullptr, has_below ? &below : nullptr, style.size),
            base.kind};
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
        if (name == "sum" || name == "prod" || name == "int")
            return big_operator(symbols().find(name)->second.character, style);
        if (const auto symbol = symbols().find(name); symbol != symbols().end()) {
            return {character(symbol->second.character, style, false), symbol->second.kind};
        }
        if (is_function_name(name))
            return {letters(name, style, false), Class::op,
                    name == "max" || name == "min" || name == "argmax" || name == "lim" ||
                        name == "sup" || name == "inf"};
        if (name == "operatorname") return {letters(group_text(), style, false), Class::op};
        if (name == "text" || name == "mathrm" || name == "mathbf")
            return {letters(group_text(), style, false)};
        if (name == "mathcal") return {script(group_text(), style)};
        if (name == "underbrace" || name == "overbrace") {
            return {braced_box(argument(style), name == "overbrace", style.size), Class::ordinary,
                    true, true};
        }
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
        Atom result{character(c, larger, false), Class::op, c != U'∫'};
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
        return fraction_box(top, bottom, style.size);
    }

    MathBox root(const Style& style) {
        const Level level(*this);
        if (!take("[")) return root_box(argument(style.inner()), nullptr, style.size);
        MathBox degree;
        const Style small = style.smaller().smaller();
        while (!take("]")) {
            if (at_ >= text_.size()) fail("]", "the end");
            degree.place(atom(small).box, degree.width, 0);
        }
        return root_box(argument(style.inner()), &degree, style.size);
    }

    /// Letters in script form; a character that has none stays as it is.
    MathBox script(const std::string& text, const Style& style) const {
        MathBox box;
        for (const char letter : text) {
            const char32_t form = script_capital(static_cast<unsigned char>(letter));
            box.place(form != 0 ? character(form, style, false)
                                : letters(std::string(1, letter), style, true),
                      box.width, 0);
        }
        return box;
    }

    /// A delimiter that encloses what is between `ascent` and `descent` of the axis.
    MathBox delimiter(char32_t c, float ascent, float descent, const Style& style) const {
        const float em = style.size;
        if (c == U'.') return {};
        if (ascent + descent <= 1.1F * em) return character(c, style, false);
        return tall_delimiter(c, ascent, descent, em);
    }
    char32_t delimiter_name() {
        skip_blanks();
        if (take("\\")) {
            const std::size_t begin = at_;
            const std::string name = command();
            if (const char32_t shape = delimiter_of(name); shape != 0) return shape;
            at_ = begin;
        } else if (at_ < text_.size() &&
                   std::string_view("()[]|.").find(text_[at_]) != std::string_view::npos) {
            return static_cast<char32_t>(text_[at_++]);
        }
        fail("a delimiter: ( ) [ ] | . \\{ \\} \\langle \\rangle \\lfloor \\lceil \\|",
             std::string(text_.substr(at_, 6)));
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
        const MathBox inside = grid_box(rows, style.size, kind == "cases");
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
