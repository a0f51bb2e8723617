// Which part of a square map is on the screen. Pure arithmetic: no ImGui, everything is tested.
#pragma once

#include <vector>

#include "tensor/tensor.h"

namespace vitrine::viz {

/// Left and top in cells; the map's n cells are `zoom` times as wide as the plot (1: all fit).
struct Camera {
    double left = 0.0;
    double top = 0.0;
    double zoom = 1.0;

    double cells(Index n) const { return static_cast<double>(n) / zoom; }  // across the plot
};

/// The camera moved and sized so that it shows cells of the map only.
/// @param max_zoom  at least 1
Camera clamped(Camera camera, Index n, double max_zoom);
/// Zooms by `factor` so that what is under (x, y), in parts of the plot from 0 to 1, stays there.
Camera zoomed(Camera camera, Index n, double factor, double x, double y, double max_zoom);
/// Moves the map by (dx, dy) parts of the plot.
Camera panned(Camera camera, Index n, double dx, double dy, double max_zoom);
/// The nearest camera that shows cell (query, key) whole.
Camera following(Camera camera, Index n, Index query, Index key, double max_zoom);

/// Cells of one axis that are at least partly on the screen: [first, last).
struct CellRange {
    Index first = 0;
    Index last = 0;
};
CellRange visible_cells(double begin, double cells, Index n);

/// Indices of [first, last) whose labels have room: multiples of 1, 2, 5, 10, 20, 50 ...
/// @param cell  pixels of one cell
/// @param gap   pixels that one label needs
std::vector<Index> labelled_cells(CellRange range, double cell, double gap);

}  // namespace vitrine::viz
