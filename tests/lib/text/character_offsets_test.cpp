#include "text/character_offsets.h"

#include <doctest/doctest.h>

#include <string>

using namespace vitrine;

TEST_CASE("character offsets: a part of a character counts as all of it, forwards and back") {
    CharacterOffsets offsets("a가🙂b");
    using Range = std::array<Index, 2>;
    CHECK(offsets.of({0, 1}) == Range{0, 1});
    CHECK(offsets.of({1, 2}) == Range{1, 2});
    CHECK(offsets.of({2, 4}) == Range{1, 2});
    CHECK(offsets.of({3, 5}) == Range{1, 3});
    CHECK(offsets.of({5, 9}) == Range{2, 4});
    CHECK(offsets.of({0, 4}) == Range{0, 2});
    CHECK(offsets.of({9, 9}) == Range{4, 4});
}
