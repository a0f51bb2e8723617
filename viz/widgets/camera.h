// Which part of a map is on the screen. Pure arithmetic: no ImGui, everything is tested.
#pragma once

#include <algorithm>
#include <vector>

#include "tensor/tensor.h"

namespace vitrine::viz {

struct MapSize {
    Index rows = 0, columns = 0;

    Index longer() const { return std::max(rows, columns); }
};

/// Left and top in cells; the map's longer side is `zoom` times as long as the square it is shown
/// in (1: all fit). The shorter side grows into that square before it leaves it.
struct Camera {
    double left = 0.0;
    double top = 0.0;
    double zoom = 1.0;

    double cells(Index longer) const {
        return static_cast<double>(longer) / zoom;
    }  // of the square
};

/// The camera moved and sized so that it shows cells of the map only.
/// @param max_zoom  at least 1
Camera clamped(Camera camera, MapSize size, double max_zoom);
/// Zooms by `factor` so that what is under (x, y), in parts of the square from 0 to 1, stays there.
Camera zoomed(Camera camera, MapSize size, double factor, double x, double y, double max_zoom);
/// Moves the map by (dx, dy) parts of the square.
Camera panned(Camera camera, MapSize size, double dx, double dy, double max_zoom);
/// The nearest camera that shows cell (query, key) whole.
Camera following(Camera camera, MapSize size, Index query, Index key, double max_zoom);

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
