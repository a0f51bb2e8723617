#include "viz/widgets/visible_text.h"

#include <doctest/doctest.h>

#include "viz/view_stage.h"

using namespace vitrine;
using namespace vitrine::viz;

TEST_CASE("visible text: spaces and line ends are seen, broken characters are bytes") {
    CHECK(visible_text(" the") == "·the");
    CHECK(visible_text("a\n\tb") == "a⏎⇥b");
    CHECK(visible_text("안") == "안");
    CHECK(visible_text("\xEC\x95") == "‹EC 95›");
    CHECK(visible_text("\x88녕") == "‹88›녕");
    CHECK(visible_text(std::string("\0", 1)) == "‹00›");
    CHECK(hex_bytes("안") == "EC 95 88");
}

TEST_CASE("visible text: numbers are short and never a false zero") {
    CHECK(percent_text(0.276) == "27.6 %");
    CHECK(percent_text(0.0074) == "0.74 %");
    CHECK(percent_text(0.0) == "0.0 %");
    CHECK(percent_text(1e-9) == "< 0.001 %");
    CHECK(number_text(0.25) == "0.250");
    CHECK(number_text(0.00203) == "0.0020");
    CHECK(number_text(1.6e-7) == "1.6e-07");
    CHECK(number_text(-11.988) == "-11.988");
    CHECK(count_text(5887) == "5,887");
    CHECK(count_text(999) == "999");
    CHECK(count_text(1234567) == "1,234,567");
}

TEST_CASE("visible text: a shortened label fits and ends in dots") {
    ViewStage stage;
    const ImFont* font = stage.theme().fonts.body;
    CHECK(elided(font, "short", 1000.0F) == "short");
    const std::string text = elided(font, "a label that is far too long", 80.0F);
    CHECK(text_width(font, text) <= 80.0F);
    CHECK(text.ends_with("…"));
}
