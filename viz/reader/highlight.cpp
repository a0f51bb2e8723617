#include "viz/reader/highlight.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "text/utf8.h"

namespace vitrine::viz {

namespace {

constexpr std::array<std::string_view, 38> keywords{
    "auto",     "break",    "case",    "catch",  "class",     "const",    "constexpr", "continue",
    "default",  "delete",   "do",      "else",   "enum",      "explicit", "extern",    "false",
    "for",      "friend",   "if",      "inline", "namespace", "new",      "noexcept",  "nullptr",
    "operator", "override", "private", "public", "return",    "static",   "struct",    "switch",
    "template", "throw",    "true",    "try",    "using",     "while"};
constexpr std::array<std::string_view, 12> basic_types{"void",  "bool",  "char",   "int",
                                                       "long",  "float", "double", "unsigned",
                                                       "short", "std",   "size_t", "any"};

bool is_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

CodeSpan::Kind kind_of_word(std::string_view word) {
    if (std::find(keywords.begin(), keywords.end(), word) != keywords.end())
        return CodeSpan::Kind::keyword;
    if (std::find(basic_types.begin(), basic_types.end(), word) != basic_types.end())
        return CodeSpan::Kind::type;
    if (std::isdigit(static_cast<unsigned char>(word[0])) != 0) return CodeSpan::Kind::number;
    // Our types are CamelCase; single capitals are dimensions.
    const bool capital = std::isupper(static_cast<unsigned char>(word[0])) != 0;
    return capital && word.size() > 1 ? CodeSpan::Kind::type : CodeSpan::Kind::plain;
}

}  // namespace

std::vector<CodeSpan> highlight_cpp(std::string_view line) {
    std::vector<CodeSpan> spans;
    const auto add = [&](CodeSpan::Kind kind, std::string_view text) {
        if (!spans.empty() && spans.back().kind == kind) {
            spans.back().text += text;
        } else {
            spans.push_back({kind, std::string(text)});
        }
    };
    const std::size_t first = line.find_first_not_of(' ');
    if (first != std::string_view::npos && line[first] == '#') {
        add(CodeSpan::Kind::directive, line);
        return spans;
    }
    for (std::size_t at = 0; at < line.size();) {
        std::size_t end = at + 1;
        if (line.substr(at, 2) == "//") {
            add(CodeSpan::Kind::comment, line.substr(at));
            break;
        }
        if (line[at] == '"' || line[at] == '\'') {
            while (end < line.size() && line[end] != line[at]) end += line[end] == '\\' ? 2 : 1;
            end = std::min(end + 1, line.size());
            add(CodeSpan::Kind::text, line.substr(at, end - at));
        } else if (is_word(line[at])) {
            while (end < line.size() &&
                   (is_word(line[end]) ||
                    (line[end] == '.' && std::isdigit(static_cast<unsigned char>(line[at])) != 0)))
                ++end;
            add(kind_of_word(line.substr(at, end - at)), line.substr(at, end - at));
        } else {
            add(CodeSpan::Kind::plain, line.substr(at, 1));
        }
        at = end;
    }
    return spans;
}

namespace {

struct Cell {
    std::string_view character;
    CodeSpan::Kind kind;
    std::size_t columns;
};

std::vector<Cell> cells_of(const std::vector<CodeSpan>& line) {
    std::vector<Cell> cells;
    for (const CodeSpan& span : line) {
        for (std::size_t at = 0; at < span.text.size();) {
            const auto bytes =
                static_cast<std::size_t>(std::max(1, read_code_point(span.text, at).bytes));
            // Hangul is nearly twice as wide as a Latin letter of the same size.
            cells.push_back({std::string_view(span.text).substr(at, bytes), span.kind,
                             bytes == 1 ? std::size_t{1} : std::size_t{2}});
            at += bytes;
        }
    }
    return cells;
}

bool is_blank(const Cell& cell) {
    return cell.character == " ";
}

void append(std::vector<CodeSpan>& line, CodeSpan::Kind kind, std::string_view text) {
    if (line.empty() || line.back().kind != kind) line.push_back({kind, {}});
    line.back().text += text;
}

}  // namespace

std::vector<std::vector<CodeSpan>> wrap_code(const std::vector<CodeSpan>& line, std::size_t room) {
    const std::vector<Cell> cells = cells_of(line);
    room = std::max<std::size_t>(room, 16);
    std::size_t indent = 0;
    while (indent < cells.size() && indent < room / 2 && is_blank(cells[indent])) ++indent;
    std::vector<std::vector<CodeSpan>> lines;
    std::size_t begin = 0;
    do {
        lines.emplace_back();
        std::size_t columns = 0, end = begin, blank = 0;
        if (begin > 0) {
            columns = indent + 4;
            append(lines.back(), CodeSpan::Kind::plain, std::string(columns, ' '));
        }
        while (end < cells.size() && columns + cells[end].columns <= room) {
            if (is_blank(cells[end]) && end > begin + (begin > 0 ? 0 : indent)) blank = end;
            columns += cells[end++].columns;
        }
        if (end < cells.size() && !is_blank(cells[end]) && blank > 0) end = blank;
        for (std::size_t i = begin; i < end; ++i)
            append(lines.back(), cells[i].kind, cells[i].character);
        while (end < cells.size() && is_blank(cells[end])) ++end;
        begin = end;
    } while (begin < cells.size());
    return lines;
}

}  // namespace vitrine::viz
