#include "viz/views/principal_axes.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace vitrine;
using namespace vitrine::viz;

TEST_CASE("principal axes: of points on known axes, with their shares of the variance") {
    // Four pairs of points around (1, 2, 3): 3 up and down along (0.6, 0.8, 0), 2 along (-0.8, 0.6,
    // 0), 1 along (0, 0, 1). Variances 9 : 4 : 1, shares 9/14 and 4/14.
    const double axes[3][3] = {{0.6, 0.8, 0.0}, {-0.8, 0.6, 0.0}, {0.0, 0.0, 1.0}};
    Tensor2 table = zeros<2>({6, 3});
    for (Index k = 0; k < 3; ++k) {
        for (Index c = 0; c < 3; ++c) {
            const double step = (3.0 - double(k)) * axes[k][c];
            table(2 * k, c) = static_cast<Real>(double(c + 1) + step);
            table(2 * k + 1, c) = static_cast<Real>(double(c + 1) - step);
        }
    }
    const PrincipalAxes found = principal_axes(table);
    for (Index c = 0; c < 3; ++c) CHECK(found.mean(c) == doctest::Approx(double(c + 1)));
    CHECK(found.share[0] == doctest::Approx(9.0 / 14.0));
    CHECK(found.share[1] == doctest::Approx(4.0 / 14.0));
    CHECK(found.axes(0, 0) == doctest::Approx(0.6).epsilon(1e-4));
    CHECK(found.axes(0, 1) == doctest::Approx(0.8).epsilon(1e-4));
    CHECK(found.axes(1, 0) == doctest::Approx(0.8).epsilon(1e-4));  // the sign: largest above 0
    CHECK(found.axes(1, 1) == doctest::Approx(-0.6).epsilon(1e-4));
    const Tensor2 shadow = shadow_of(table, found);
    CHECK(shadow(0, 0) == doctest::Approx(3.0).epsilon(1e-4));
    CHECK(shadow(1, 0) == doctest::Approx(-3.0).epsilon(1e-4));
    CHECK(shadow(2, 1) == doctest::Approx(-2.0).epsilon(1e-4));
    CHECK(std::abs(shadow(4, 0)) < 1e-4);  // the third axis casts no shadow
    CHECK(std::abs(shadow(4, 1)) < 1e-4);
}

TEST_CASE("principal axes: rows that are all alike have no axes, and no numbers that are none") {
    Tensor2 table = zeros<2>({3, 4});
    table.fill(2.0F);
    const PrincipalAxes found = principal_axes(table);
    CHECK(found.share[0] == 0.0);
    const Tensor2 shadow = shadow_of(table, found);
    for (const Real value : shadow) CHECK(value == 0.0F);
}
