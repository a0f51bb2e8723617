// The drawing half of the heatmap: the plot, its marks and its labels. Used by heatmap.cpp alone.
#pragma once

#include <algorithm>

#include "viz/widgets/heatmap.h"

namespace vitrine::viz {

/// The map on the screen this frame: cells to pixels and back.
struct HeatmapFrame {
    const Theme& theme;
    const HeatmapInput& input;
    HeatmapLayout layout;
    Camera camera;
    ImVec2 origin;  // of the widget
    ImVec2 low;     // of the plot
    ImVec2 high;
    float cell = 0.0F;     // pixels
    bool slanted = false;  // the labels of the columns on the screen do not fit their cells

    Index rows() const { return input.rows > 0 ? input.rows : input.n; }
    Index columns() const { return input.n; }
    MapSize map_size() const { return {rows(), columns()}; }
    /// Sizes the cells and the plot by the camera: a side that does not fill its room ends earlier.
    void measure() {
        cell = layout.side / static_cast<float>(camera.cells(map_size().longer()));
        high = {low.x + std::min(layout.side, cell * static_cast<float>(columns())),
                low.y + std::min(layout.side, cell * static_cast<float>(rows()))};
    }
    const std::string& row_label(Index i) const {
        return (input.row_labels.empty() ? input.labels
                                         : input.row_labels)[static_cast<std::size_t>(i)];
    }
    float x_of(Index key) const {
        return low.x + static_cast<float>((static_cast<double>(key) - camera.left)) * cell;
    }
    float y_of(Index query) const {
        return low.y + static_cast<float>((static_cast<double>(query) - camera.top)) * cell;
    }
};

/// The cell a label or cell belongs to; -1 on an axis that the point is not on.
struct HeatmapSpot {
    Index query = -1, key = -1;
    bool in_plot = false;
};
HeatmapSpot spot_at(const HeatmapFrame& frame, ImVec2 point);

void draw_plot(const HeatmapFrame& frame, ImDrawList* list);
void draw_marks(const HeatmapFrame& frame, ImDrawList* list, Index query, Index key);
void draw_axes(const HeatmapFrame& frame, ImDrawList* list, Index query, Index key);

}  // namespace vitrine::viz
