#include "viz/reader/highlight.h"

#include <doctest/doctest.h>

#include "text/utf8.h"

using namespace vitrine;
using namespace vitrine::viz;

namespace {

using Kind = CodeSpan::Kind;

std::string text_of(const std::vector<CodeSpan>& spans) {
    std::string text;
    for (const CodeSpan& span : spans) text += span.text;
    return text;
}

/// The kind of the stretch that `part` begins.
Kind kind_of(const std::string& line, const std::string& part) {
    std::size_t at = 0;
    for (const CodeSpan& span : highlight_cpp(line)) {
        const std::size_t found = line.find(part, at);
        if (found < at + span.text.size()) return span.kind;
        at += span.text.size();
    }
    return Kind::plain;
}

}  // namespace

TEST_CASE("highlight: words, numbers, texts, comments and directives are told apart") {
    const std::string line = "const Tensor2 y = f(x, 0.5F, \"a // b\");  // the rest";
    CHECK(kind_of(line, "const") == Kind::keyword);
    CHECK(kind_of(line, "Tensor2") == Kind::type);
    CHECK(kind_of(line, "y =") == Kind::plain);
    CHECK(kind_of(line, "0.5F") == Kind::number);
    CHECK(kind_of(line, "\"a //") == Kind::text);
    CHECK(kind_of(line, "// the rest") == Kind::comment);
    CHECK(kind_of("#include <vector>", "#") == Kind::directive);
    CHECK(kind_of("Index T = 3;", "T =") == Kind::plain);  // a dimension, not a type
    CHECK(kind_of("f('\\'', 1)", "'\\''") == Kind::text);
    CHECK(text_of(highlight_cpp(line)) == line);
    CHECK(text_of(highlight_cpp("\"no end")) == "\"no end");
    CHECK(highlight_cpp("").empty());
}

TEST_CASE("highlight: a comment keeps its kind when it goes on in the next line") {
    const auto lines = wrap_code(highlight_cpp("    x = 1;  // one two three four five six"), 24);
    REQUIRE(lines.size() >= 2);
    for (std::size_t i = 1; i < lines.size(); ++i) {
        REQUIRE(lines[i].size() == 2);
        CHECK(lines[i][0].text == "        ");  // four deeper than the line
        CHECK(lines[i][1].kind == Kind::comment);
    }
    for (const auto& line : lines) CHECK(text_of(line).size() <= 24);
    CHECK(text_of(lines[0]) == "    x = 1;  // one two");
}

TEST_CASE("highlight: a word longer than a line is cut, never within a character") {
    std::string word;
    for (int i = 0; i < 30; ++i) word += "가";
    for (const auto& line : wrap_code(highlight_cpp("// " + word), 20)) {
        CHECK_NOTHROW(check_utf8(text_of(line), "line"));
        CHECK(text_of(line).size() <= 3 * 20);
    }
    const auto lines = wrap_code(highlight_cpp(std::string(50, 'x')), 20);
    CHECK(lines.size() == 3);
    CHECK(wrap_code({}, 20).size() == 1);  // an empty line is a line
}
