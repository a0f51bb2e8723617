#include "viz/app/link.h"

#include <doctest/doctest.h>

#include "tensor/error.h"

using namespace vitrine;
using namespace vitrine::viz;

TEST_CASE("link: view, numbers and text are read, in any order, decoded") {
    const ViewLink link =
        parse_view_link("view:attention?text=The%20king+%EC%99%95&head=3&layer=2");
    CHECK(link.view == "attention");
    CHECK(link.number("layer") == 2);
    CHECK(link.number("head") == 3);
    CHECK(link.values.at("text") == "The king 왕");
    CHECK_FALSE(link.number("text"));  // no number
    CHECK_FALSE(link.number("query"));
    CHECK(parse_view_link("view:attention?head=-1").number("head") == -1);
    CHECK(parse_view_link("view:attention?stack=cross").values.at("stack") == "cross");
    CHECK(parse_view_link("view:tokens").values.empty());
    CHECK(parse_view_link("view:tokens?").values.empty());
    CHECK(parse_view_link("view:tokens?text=").values.at("text").empty());
}

TEST_CASE("link: what is wrong is named") {
    const auto refused = [](const char* link, const char* because) {
        CAPTURE(link);
        CHECK_THROWS_WITH_AS(parse_view_link(link), doctest::Contains(because), ArgumentError);
    };
    refused("https://arxiv.org", "starts with view:");
    refused("view:nosuch", "nosuch");
    refused("view:", "id of a view");
    refused("view:attention?colour=3", "colour");
    refused("view:attention?layer=two", "layer as a number");
    refused("view:attention?layer=2x", "layer as a number");
    refused("view:attention?layer", "layer as a number");
    refused("view:attention?layer=99999999999", "layer as a number");
    refused("view:attention?text=%", "two hexadecimal digits");
    refused("view:attention?text=%4", "two hexadecimal digits");
    refused("view:attention?text=%zz", "two hexadecimal digits");
    CHECK_THROWS_AS(parse_view_link("view:attention?text=%ff"), Error);  // no UTF-8
}

TEST_CASE("link: in words it tells the view and what it sets, in the learner's language") {
    const std::string link = "view:attention?layer=2&head=3&text=The%20king";
    CHECK(link_in_words(link, Language::english) ==
          "Shows on the stage: Attention, layer 2, head 3, text “The king”");
    CHECK(link_in_words(link, Language::korean) ==
          "무대에 보여 줘요: 어텐션, 2번 층, 3번 헤드, 글 “The king”");
    CHECK(link_in_words("view:attention?head=-1&lines=1", Language::english) ==
          "Shows on the stage: Attention, average of the heads, as lines");
    CHECK(link_in_words("https://arxiv.org", Language::korean) == "https://arxiv.org");
    CHECK(link_in_words("view:nosuch", Language::english) == "view:nosuch");
    CHECK(link_in_words("view:tokens?text=%ff", Language::english) == "view:tokens?text=%ff");
}
