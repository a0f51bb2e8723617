#include "viz/reader/document.h"

#include <doctest/doctest.h>

#include "tensor/error.h"

using namespace vitrine;
using namespace vitrine::viz;

TEST_CASE("document: headings, lists and links") {
    const Document document = parse_markdown("# A\n\n- one\n- [two](https://arxiv.org)\n");
    REQUIRE(document.blocks.size() == 2);
    CHECK(document.blocks[0].kind == Block::Kind::heading);
    CHECK(document.blocks[0].level == 1);
    const Block& list = document.blocks[1];
    REQUIRE(list.children.size() == 2);
}

TEST_CASE("document: raw HTML is refused, in a line and as a block") {
    CHECK_THROWS_WITH_AS(parse_markdown("a <b>bold</b> word\n"), doctest::Contains("raw HTML"),
                         ArgumentError);
    CHECK_THROWS_WITH_AS(parse_markdown("<div>\nx\n</div>\n"), doctest::Contains("raw HTML"),
                         ArgumentError);
    CHECK_NOTHROW(parse_markdown("special tokens such as <|endoftext|>, and 1 < 2\n"));
}

TEST_CASE("document: strikethrough, tasks, and entities in text and addresses") {
    const Document document = parse_markdown(
        "a ~~b~~ &rarr; &#8594;&#x2192; &eacute; &nosuch; &lt;\n\n- [ ] open\n- [x] done\n- "
        "plain\n\n"
        "[l](https://a.org/?x=1&amp;y=2)\n");
    const Spans& spans = document.blocks[0].spans;
    REQUIRE(spans.size() == 3);
    CHECK_FALSE(spans[0].struck);
    CHECK(spans[1].struck);
    CHECK(spans[1].text == "b");
    CHECK(spans[2].text == " → →→ é &nosuch; <");
    const std::vector<Block>& items = document.blocks[1].children;
    REQUIRE(items.size() == 3);
    CHECK(items[0].task == Block::Task::open);
    CHECK(items[1].task == Block::Task::done);
    CHECK(items[2].task == Block::Task::none);
    CHECK(document.blocks[2].spans[0].link == "https://a.org/?x=1&y=2");
}
