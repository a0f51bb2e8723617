// A lesson as a tree: what Markdown (with tables and LaTeX formulas) says, before it is laid out.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine::viz {

/// A stretch of text in one style.
struct Span {
    enum class Kind { text, code, math, display_math, line_break };
    Kind kind = Kind::text;
    std::string text;
    bool bold = false, italic = false, struck = false;
    std::string link;  // empty: none
};
using Spans = std::vector<Span>;

struct Block {
    enum class Kind { heading, paragraph, list, item, quote, code, table, image, rule };
    Kind kind = Kind::paragraph;
    int level = 0;         // of a heading, from 1
    bool ordered = false;  // of a list
    enum class Task { none, open, done };
    Task task = Task::none;                // of an item: a box before it
    int start = 1;                         // number of an ordered list's first item
    Spans spans;                           // of a heading, paragraph, item
    std::vector<Block> children;           // of a list, item, quote; what an answer's text says
    std::string info;                      // of code: "cpp file=attention.cpp marker=scores"
    std::string text;                      // of code; of an image: its description
    std::string source;                    // of an image: its path
    std::vector<std::vector<Spans>> rows;  // of a table, the head first
    std::vector<int> alignment;            // of its columns: -1 left, 0 centre, 1 right
};

struct Document {
    std::vector<Block> blocks;
};

/// @throws ArgumentError  for what lessons may not hold: raw HTML
Document parse_markdown(std::string_view text);

/// The value of a key in an info string: "marker" of "cpp file=a.cpp marker=b" is "b".
std::string info_value(const std::string& info, const std::string& key);

/// Reads a lesson and fills code blocks with file= and marker= from the chapter's source.
/// @throws FileError  if the file, or a marker in a source, is missing
Document load_lesson(const std::filesystem::path& file);

/// The lines between `// [marker:NAME]` and `// [/marker]`, without their common indentation.
/// @throws FileError
std::string marked_lines(const std::filesystem::path& source, const std::string& marker);

}  // namespace vitrine::viz
