#include "viz/widgets/colour_scale.h"

#include <doctest/doctest.h>

#include "viz/widgets/heatmap.h"

using namespace vitrine;
using namespace vitrine::viz;

TEST_CASE("colour scale: place and value are inverse, ends are 0 and 1") {
    for (const bool root : {false, true}) {
        const ColourScale scale{0.5F, root};
        CHECK(scale.place(0.0F) == 0.0F);
        CHECK(scale.place(0.5F) == 1.0F);
        CHECK(scale.place(2.0F) == 1.0F);
        for (const float value : {0.01F, 0.1F, 0.3F}) {
            CHECK(scale.value(scale.place(value)) == doctest::Approx(value));
        }
        CHECK(legend_values(scale).front() == 0.0F);
        CHECK(legend_values(scale).back() == 0.5F);
    }
}

TEST_CASE("colour scale: a painted map has the theme's colours, hidden cells are transparent") {
    const Theme theme = make_theme(false, 1.0F);
    const Real values[] = {0.0F, 1.0F, 0.25F, 0.5F};
    const Image image = paint_map(values, 2, 2, {1.0F, false}, theme,
                                  [](Index row, Index column) { return column > row; });
    CHECK(image.at(0, 0) == theme.heat(0.0F));
    CHECK(image.at(1, 0) == 0U);
    CHECK(image.at(0, 1) == theme.heat(64.0F / 255.0F));
    const Image large = enlarged(image, 3, theme.background);
    CHECK(large.width == 6);
    CHECK(large.at(5, 0) == theme.background);
    CHECK(large.at(2, 5) == image.at(0, 1));
}

TEST_CASE("heatmap: labels and plot stay inside the widget from 5 to 256 tokens") {
    for (const ImVec2 size :
         {ImVec2{280.0F, 260.0F}, ImVec2{500.0F, 430.0F}, ImVec2{1500.0F, 1200.0F}}) {
        for (Index n = 5; n <= 256; n += 7) {
            const HeatmapLayout layout = layout_heatmap(size, n, 90.0F, 90.0F, 13.0F, 4.0F);
            INFO(size.x, " x ", size.y, ", ", n, " tokens");
            CHECK(layout.side >= 100.0F);
            CHECK(layout.left >= layout.row_label);
            CHECK(layout.left + layout.side <= size.x);
            CHECK(layout.top + layout.side <= size.y + 0.01F);
        }
    }
    CHECK_FALSE(layout_heatmap({900.0F, 700.0F}, 5, 60.0F, 60.0F, 13.0F, 4.0F).slanted);
    // Long names of rows do not tilt short ones of columns.
    CHECK_FALSE(layout_heatmap({900.0F, 700.0F}, 8, 400.0F, 12.0F, 13.0F, 4.0F).slanted);
    CHECK(layout_heatmap({900.0F, 700.0F}, 100, 60.0F, 60.0F, 13.0F, 4.0F).slanted);
}

TEST_CASE("texture: is made once, replaced and destroyed on the device it came from") {
    int alive = 0;
    const TextureDevice device{[&](const Image&) {
                                   ++alive;
                                   return (ImTextureID)(std::uintptr_t)7;
                               },
                               [&](ImTextureID) { --alive; }};
    {
        Texture texture;
        texture.set(device, Image(4, 4, 0xFFU));
        texture.set(device, Image(2, 2, 0xFFU));
        Texture moved = std::move(texture);
        CHECK(alive == 1);
        CHECK(moved.image().width == 2);
    }
    CHECK(alive == 0);
}
