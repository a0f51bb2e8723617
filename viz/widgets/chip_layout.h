// Where chips stand: in reading order, wrapping like words. Pure arithmetic: no ImGui.
#pragma once

#include <span>
#include <vector>

#include "tensor/tensor.h"

namespace vitrine::viz {

struct ChipBox {
    float x = 0.0F, y = 0.0F, width = 0.0F;
    Index line = 0;
};

struct ChipLayout {
    std::vector<ChipBox> boxes;
    float height = 0.0F;  // of all lines
    float width = 0.0F;   // of the longest line
};

/// @param widths      of the chips; one wider than the line is narrowed to it
/// @param line_ends   after these a new line begins; may be empty
/// @param line_width  infinity: one line
ChipLayout layout_chips(std::span<const float> widths, const std::vector<bool>& line_ends,
                        float line_width, float chip_height, float gap);

/// The chip of the line above (-1) or below (+1) whose middle is nearest; `from` if there is none.
Index neighbour_line(const ChipLayout& layout, Index from, int direction);

}  // namespace vitrine::viz
