// Colours of code: what kind of thing each stretch of a C++ line is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vitrine::viz {

struct CodeSpan {
    enum class Kind { plain, keyword, type, number, text, comment, directive };
    Kind kind = Kind::plain;
    std::string text;
};

/// The spans of one line. Comments over several lines are not followed: lessons use `//`.
std::vector<CodeSpan> highlight_cpp(std::string_view line);

/// A line's spans as lines of at most `room` columns, cut at spaces, or within a word that is
/// longer than a line; what follows is indented. Every stretch keeps its kind.
std::vector<std::vector<CodeSpan>> wrap_code(const std::vector<CodeSpan>& line, std::size_t room);

}  // namespace vitrine::viz
