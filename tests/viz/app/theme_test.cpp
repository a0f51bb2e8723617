#include "viz/app/theme.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace vitrine::viz;

namespace {

double channel(ImU32 colour, int shift) {
    const double c = ((colour >> shift) & 255U) / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

double luminance(ImU32 c) {
    return 0.2126 * channel(c, IM_COL32_R_SHIFT) + 0.7152 * channel(c, IM_COL32_G_SHIFT) +
           0.0722 * channel(c, IM_COL32_B_SHIFT);
}

/// WCAG 2.1, success criterion 1.4.3.
double contrast(ImU32 a, ImU32 b) {
    const double x = luminance(a), y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

/// Lightness of Oklab (Ottosson 2020).
double lightness(ImU32 c) {
    const double r = channel(c, IM_COL32_R_SHIFT), g = channel(c, IM_COL32_G_SHIFT),
                 b = channel(c, IM_COL32_B_SHIFT);
    return 0.2104542553 * std::cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) +
           0.7936177850 * std::cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) -
           0.0040720468 * std::cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
}

}  // namespace

TEST_CASE("theme: text is readable on every ground, AA in light and dark") {
    for (const bool dark : {false, true}) {
        const Theme theme = make_theme(dark, 1.0F);
        for (const ImU32 ground : {theme.background, theme.surface, theme.raised}) {
            CHECK(contrast(theme.text, ground) >= 7.0);
            CHECK(contrast(theme.muted, ground) >= 4.5);
        }
        for (const ImU32 ground : {theme.background, theme.surface}) {
            CHECK(contrast(theme.accent, ground) >= 4.5);
            CHECK(contrast(theme.good, ground) >= 4.5);
            CHECK(contrast(theme.bad, ground) >= 4.5);
        }
        CHECK(contrast(theme.on_accent, theme.accent) >= 4.5);
        for (int i = -7; i < 12; ++i) {
            CHECK(contrast(theme.text, theme.chip(i)) >= 4.5);
            CHECK(theme.chip(i) != theme.chip(i + 1));
        }
    }
}

TEST_CASE("theme: equal steps of the heat scale are equal steps of lightness") {
    for (const bool dark : {false, true}) {
        const Theme theme = make_theme(dark, 1.0F);
        CHECK(theme.heat(0.0F) == theme.surface);
        CHECK(theme.diverging(0.0F) == theme.surface);
        CHECK(theme.heat(std::nanf("")) == theme.surface);
        const double whole = lightness(theme.heat(1.0F)) - lightness(theme.heat(0.0F));
        CHECK(std::abs(whole) > 0.5);
        for (int i = 0; i < 10; ++i) {
            const float value = static_cast<float>(i) / 10.0F;
            const double step = lightness(theme.heat(value + 0.1F)) - lightness(theme.heat(value));
            // A tenth of the way, up to the rounding of 8-bit channels (half a step of 1/255 each).
            CHECK(step == doctest::Approx(whole / 10).epsilon(0.12));
        }
    }
}

TEST_CASE("theme: text on any colour of a scale can be read") {
    for (const bool dark : {false, true}) {
        const Theme theme = make_theme(dark, 1.0F);
        for (int i = -20; i <= 20; ++i) {
            const ImU32 fill = theme.diverging(static_cast<float>(i) / 20.0F);
            CHECK(contrast(theme.text_on(fill), fill) >= 4.5);
        }
    }
}
