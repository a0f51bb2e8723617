#include "viz/widgets/chip_layout.h"

#include <doctest/doctest.h>

using namespace vitrine;
using namespace vitrine::viz;

TEST_CASE("chips: wrap in reading order and never leave the line") {
    const std::vector<float> widths{40.0F, 50.0F, 30.0F, 200.0F, 10.0F};
    const ChipLayout layout = layout_chips(widths, {}, 100.0F, 20.0F, 4.0F);
    REQUIRE(layout.boxes.size() == 5);
    CHECK(layout.boxes[1].x == 44.0F);
    CHECK(layout.boxes[2].line == 1);  // 94 + 4 + 30 does not fit
    CHECK(layout.boxes[3].line == 2);
    CHECK(layout.boxes[3].width == 100.0F);  // wider than the line: narrowed
    CHECK(layout.boxes[4].line == 3);
    CHECK(layout.height == 4 * 20.0F + 3 * 4.0F);
    for (const ChipBox& box : layout.boxes) CHECK(box.x + box.width <= 100.0F);
}

TEST_CASE("chips: a token with a line end ends its line") {
    const std::vector<float> widths{10.0F, 10.0F, 10.0F};
    const ChipLayout layout = layout_chips(widths, {true, false, true}, 100.0F, 20.0F, 4.0F);
    CHECK(layout.boxes[0].line == 0);
    CHECK(layout.boxes[1].line == 1);
    CHECK(layout.boxes[2].line == 1);
    CHECK(layout.height == 44.0F);  // no empty line after the last
}

TEST_CASE("chips: up and down lead to the chip nearest above or below") {
    const std::vector<float> widths{30.0F, 30.0F, 30.0F, 80.0F, 15.0F};
    const ChipLayout layout = layout_chips(widths, {}, 100.0F, 20.0F, 2.0F);
    CHECK(neighbour_line(layout, 2, 1) == 4);  // the one at the right end
    CHECK(neighbour_line(layout, 0, 1) == 3);
    CHECK(neighbour_line(layout, 3, -1) == 1);  // the middle one
    CHECK(neighbour_line(layout, 0, -1) == 0);  // nothing above
}
