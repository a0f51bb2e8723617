// From weights to colours: the scale, the picture of a map, and the legend that explains it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tensor/tensor.h"
#include "viz/app/theme.h"
#include "viz/widgets/texture.h"

namespace vitrine::viz {

/// Values from 0 to `largest`; `root` spreads the small ones (colour = square root of the part).
struct ColourScale {
    float largest = 1.0F;
    bool root = true;

    /// Place of a value on the scale, in [0, 1].
    float place(float value) const;
    /// The value at a place: the inverse of place().
    float value(float place) const;
};

/// Values that the legend names, from 0 to the largest, ascending.
std::vector<float> legend_values(const ColourScale& scale);

/// One pixel a cell. Hidden cells are transparent, so that what lies behind tells them apart from
/// 0.
/// @param values  [rows, columns], row-major
/// @param hidden  may be empty: nothing is hidden
Image paint_map(const Real* values, Index rows, Index columns, const ColourScale& scale,
                const Theme& theme,
                const std::function<bool(Index row, Index column)>& hidden = {});

/// The same for numbers with a sign, from -limit to limit.
Image paint_signed_map(const Real* values, Index rows, Index columns, float limit,
                       const Theme& theme,
                       const std::function<bool(Index row, Index column)>& hidden = {});

/// Each pixel `factor` times as wide and high, on an opaque background: for a picture file.
Image enlarged(const Image& image, int factor, ImU32 background);

/// The legend, `width` wide at the cursor: the ramp, its numbers, and the sign for hidden cells.
void draw_legend(const Theme& theme, const ColourScale& scale, float width, const char* caption,
                 const char* hidden_caption);

/// The slanted lines that stand for "hidden by the mask", clipped to a rectangle.
void draw_hatching(ImDrawList* list, ImVec2 low, ImVec2 high, const Theme& theme);

}  // namespace vitrine::viz
