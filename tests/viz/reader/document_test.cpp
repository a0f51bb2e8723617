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
