#include "viz/widgets/camera.h"

#include <doctest/doctest.h>

using namespace vitrine;
using namespace vitrine::viz;

namespace {

constexpr MapSize hundred{100, 100};

}  // namespace

TEST_CASE("camera: what is under the pointer stays there while zooming") {
    const Camera before{10.0, 20.0, 4.0};
    const Index n = 200;
    const Camera after = zoomed(before, {n, n}, 1.5, 0.25, 0.75, 40.0);
    CHECK(after.zoom == doctest::Approx(6.0));
    CHECK(after.left + 0.25 * after.cells(n) == doctest::Approx(before.left + 0.25 * 50.0));
    CHECK(after.top + 0.75 * after.cells(n) == doctest::Approx(before.top + 0.75 * 50.0));
}

TEST_CASE("camera: never shows anything but the map") {
    Camera camera = zoomed({}, hundred, 0.1, 0.5, 0.5, 10.0);
    CHECK(camera.zoom == 1.0);
    CHECK(camera.left == 0.0);
    camera = zoomed({}, hundred, 50.0, 1.0, 1.0, 10.0);
    CHECK(camera.zoom == 10.0);
    CHECK(camera.left == doctest::Approx(90.0));
    camera = panned(camera, hundred, -3.0, 5.0, 10.0);
    CHECK(camera.left == doctest::Approx(90.0));
    CHECK(camera.top == doctest::Approx(40.0));  // from 90, five plots of 10 cells up
}

TEST_CASE("camera: the shorter side of a map moves only when it no longer fits") {
    const MapSize wide{10, 300};  // 10 queries, 300 keys
    Camera camera = zoomed({}, wide, 3.0, 0.5, 0.5, 100.0);
    CHECK(camera.left == doctest::Approx(100.0));  // cells 100 to 200 of 300
    CHECK(camera.top == 0.0);                      // 10 cells where 100 have room
    camera = panned(camera, wide, 0.5, -0.5, 100.0);
    CHECK(camera.left == doctest::Approx(50.0));
    CHECK(camera.top == 0.0);
    camera = zoomed(camera, wide, 20.0, 0.0, 0.0, 100.0);  // 5 cells fill the square
    CHECK(panned(camera, wide, 0.0, -9.0, 100.0).top == doctest::Approx(5.0));
    const MapSize tall{300, 10};
    CHECK(following({0.0, 0.0, 60.0}, tall, 250, 9, 100.0).top == doctest::Approx(246.0));
    CHECK(following({0.0, 0.0, 60.0}, tall, 250, 9, 100.0).left == doctest::Approx(5.0));
}

TEST_CASE("camera: follows a cell that is off the screen by the shortest way") {
    const Camera camera{50.0, 50.0, 10.0};  // shows cells 50 to 60 of 100
    CHECK(following(camera, hundred, 55, 55, 20.0).left == 50.0);
    CHECK(following(camera, hundred, 55, 60, 20.0).left == 51.0);
    CHECK(following(camera, hundred, 20, 55, 20.0).top == 20.0);
    CHECK(following(camera, hundred, 99, 55, 20.0).top == 90.0);
}

TEST_CASE("camera: labels are thinned to 1, 2, 5, 10, 20 ... so that each has room") {
    CHECK(labelled_cells({0, 6}, 20.0, 14.0) == std::vector<Index>{0, 1, 2, 3, 4, 5});
    CHECK(labelled_cells({0, 6}, 10.0, 14.0) == std::vector<Index>{0, 2, 4});
    CHECK(labelled_cells({7, 30}, 3.0, 14.0) == std::vector<Index>{10, 15, 20, 25});
    for (Index n = 5; n <= 256; ++n) {
        const double cell = 300.0 / static_cast<double>(n);
        const std::vector<Index> labels = labelled_cells({0, n}, cell, 14.0);
        REQUIRE(!labels.empty());
        for (std::size_t i = 1; i < labels.size(); ++i) {
            CHECK(static_cast<double>(labels[i] - labels[i - 1]) * cell >= 14.0);
        }
    }
}
