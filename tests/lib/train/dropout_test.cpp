#include "train/dropout.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

using namespace vitrine;
using namespace vitrine::train;

TEST_CASE("dropout: the share that is dropped is the rate, and the rest grows") {
    std::vector<Real> x(100000, 3);
    drop(x, {0.25, 1});
    const auto gone = std::count(x.begin(), x.end(), Real{0});
    CHECK(std::abs(double(gone) / 1e5 - 0.25) < 0.006);  // 4 deviations of sqrt(0.25 0.75 / 1e5)
    CHECK(std::count(x.begin(), x.end(), Real{4}) + gone == 100000);
}

TEST_CASE("dropout: a key gives the same numbers again, a place or another key different ones") {
    const auto dropped = [](const Dropout& dropout) {
        std::vector<Real> x(1000, 1);
        drop(x, dropout);
        return x;
    };
    const Dropout one{0.5, 1};
    CHECK(dropped(one) == dropped(one));
    CHECK(dropped(one) != dropped({0.5, 2}));
    CHECK(dropped(at_place(one, 0)) != dropped(at_place(one, 1)));
    CHECK(dropped(at_place(one, 0)) != dropped(one));
    CHECK(dropped({0.0, 1}) == std::vector<Real>(1000, 1));
}
