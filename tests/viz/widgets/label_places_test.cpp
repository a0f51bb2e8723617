#include "viz/widgets/label_places.h"

#include <doctest/doctest.h>

using namespace vitrine::viz;

TEST_CASE("label places: none covers another, all stay inside, the first has the choice") {
    std::vector<LabelWish> wishes;
    for (int i = 0; i < 6; ++i) {
        wishes.push_back({{100.0F + static_cast<float>(i), 100.0F}, {40.0F, 12.0F}});
    }
    wishes.push_back({{198.0F, 2.0F}, {40.0F, 12.0F}});  // in a corner
    const std::vector<LabelPlace> places =
        place_labels(wishes, {0.0F, 0.0F}, {200.0F, 200.0F}, 6.0F);
    REQUIRE(places.size() == wishes.size());
    CHECK(places[0].low.x == 54.0F);  // left of its point: the others stand right of it
    CHECK(places[0].low.y == 94.0F);
    CHECK_FALSE(places[0].far);
    for (std::size_t i = 0; i < places.size(); ++i) {
        REQUIRE(places[i].shown);
        const ImVec2 low = places[i].low;
        CHECK(low.x >= 0.0F);
        CHECK(low.y >= 0.0F);
        CHECK(low.x + 40.0F <= 200.0F);
        CHECK(low.y + 12.0F <= 200.0F);
        for (std::size_t k = 0; k < i; ++k) {
            const ImVec2 other = places[k].low;
            const bool apart = low.x >= other.x + 40.0F || other.x >= low.x + 40.0F ||
                               low.y >= other.y + 12.0F || other.y >= low.y + 12.0F;
            CHECK(apart);
        }
    }
}

TEST_CASE("label places: where there is no room a label is left out") {
    const std::vector<LabelWish> wishes(3, {{20.0F, 10.0F}, {44.0F, 18.0F}});
    const auto places = place_labels(wishes, {0.0F, 0.0F}, {60.0F, 20.0F}, 4.0F);
    for (const LabelPlace& place : places) CHECK_FALSE(place.shown);
}
