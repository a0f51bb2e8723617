#include "io/image.h"

#include <doctest/doctest.h>

#include "golden.h"
#include "io/json.h"
#include "scratch_folder.h"
#include "tensor/error.h"

using namespace vitrine;
using namespace vitrine::test;

// tests/fixtures/models/clip/image.png: red is 2.55 x, green 3.6 y (make_fixtures.py).
TEST_CASE("read_image: size and colours of a PNG, from the top left") {
    const Image image = read_image(fixture("models/clip/image.png"));
    CHECK(image.height == 70);
    CHECK(image.width == 100);
    for (const Index x : {0, 40, 99}) {
        for (const Index y : {0, 33, 69}) {
            const auto at = std::size_t((y * 100 + x) * 3);
            CHECK(image.pixels[at] == static_cast<std::uint8_t>(double(x) * 2.55));
            CHECK(image.pixels[at + 1] == static_cast<std::uint8_t>(double(y) * 3.6));
        }
    }
}

TEST_CASE("is_picture: by its first bytes, whatever it is called") {
    const ScratchFolder scratch;
    CHECK(is_picture(fixture("models/clip/image.png")));
    CHECK_FALSE(is_picture(scratch.write("some.png", "no picture")));
    CHECK_FALSE(is_picture(scratch.write("empty.png", "")));
    CHECK_FALSE(is_picture(scratch / "none.png"));
    CHECK_FALSE(is_picture(scratch.path()));
}

TEST_CASE("read_image: what is no picture, cut off or too large is refused by its name") {
    const ScratchFolder scratch;
    const std::string whole = read_file(fixture("models/clip/image.png"), 1U << 20U);
    const auto refused = [&](const std::string& bytes) {
        CHECK_THROWS_WITH_AS(read_image(scratch.write("some.png", bytes)),
                             doctest::Contains("some.png"), FileError);
    };
    refused("no picture");
    refused(whole.substr(0, whole.size() / 2));
    refused(whole.substr(0, 30));
    std::string huge = whole;  // width and height stand in the header, high byte first
    for (const std::size_t at : {17, 21}) huge[at] = 1;
    refused(huge);
    CHECK_THROWS_AS(read_image(scratch / "none.png"), FileError);
}
