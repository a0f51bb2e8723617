#include "viz/widgets/chip_layout.h"

#include <algorithm>
#include <cmath>

namespace vitrine::viz {

ChipLayout layout_chips(std::span<const float> widths, const std::vector<bool>& line_ends,
                        float line_width, float chip_height, float gap) {
    ChipLayout layout;
    float x = 0.0F;
    Index line = 0;
    for (std::size_t i = 0; i < widths.size(); ++i) {
        const float width = std::min(widths[i], line_width);
        if (x > 0.0F && x + width > line_width) {
            x = 0.0F;
            ++line;
        }
        layout.boxes.push_back({x, static_cast<float>(line) * (chip_height + gap), width, line});
        layout.width = std::max(layout.width, x + width);
        x += width + gap;
        if (i < line_ends.size() && line_ends[i] && i + 1 < widths.size()) {
            x = 0.0F;
            ++line;
        }
    }
    if (!widths.empty())
        layout.height = static_cast<float>(line) * (chip_height + gap) + chip_height;
    return layout;
}

Index neighbour_line(const ChipLayout& layout, Index from, int direction) {
    const ChipBox& box = layout.boxes[static_cast<std::size_t>(from)];
    const float middle = box.x + box.width / 2.0F;
    Index nearest = from;
    float best = 0.0F;
    for (std::size_t i = 0; i < layout.boxes.size(); ++i) {
        const ChipBox& other = layout.boxes[i];
        if (other.line != box.line + direction) continue;
        const float distance = std::fabs(other.x + other.width / 2.0F - middle);
        if (nearest != from && distance >= best) continue;
        nearest = static_cast<Index>(i);
        best = distance;
    }
    return nearest;
}

}  // namespace vitrine::viz
