#include "viz/widgets/camera.h"

#include <algorithm>
#include <cmath>

namespace vitrine::viz {

Camera clamped(Camera camera, MapSize size, double max_zoom) {
    camera.zoom = std::clamp(camera.zoom, 1.0, std::max(1.0, max_zoom));
    const auto room = [&](Index cells) {
        return std::max(0.0, static_cast<double>(cells) - camera.cells(size.longer()));
    };
    camera.left = std::clamp(camera.left, 0.0, room(size.columns));
    camera.top = std::clamp(camera.top, 0.0, room(size.rows));
    return camera;
}

Camera zoomed(Camera camera, MapSize size, double factor, double x, double y, double max_zoom) {
    const double before = camera.cells(size.longer());
    camera.zoom = std::clamp(camera.zoom * factor, 1.0, std::max(1.0, max_zoom));
    const double after = camera.cells(size.longer());
    camera.left += x * (before - after);
    camera.top += y * (before - after);
    return clamped(camera, size, max_zoom);
}

Camera panned(Camera camera, MapSize size, double dx, double dy, double max_zoom) {
    camera.left -= dx * camera.cells(size.longer());
    camera.top -= dy * camera.cells(size.longer());
    return clamped(camera, size, max_zoom);
}

Camera following(Camera camera, MapSize size, Index query, Index key, double max_zoom) {
    const auto moved = [&](double begin, Index cell) {
        const double low = static_cast<double>(cell) + 1.0 - camera.cells(size.longer());
        return std::clamp(begin, std::min(low, static_cast<double>(cell)),
                          static_cast<double>(cell));
    };
    camera.left = moved(camera.left, key);
    camera.top = moved(camera.top, query);
    return clamped(camera, size, max_zoom);
}

CellRange visible_cells(double begin, double cells, Index n) {
    const Index first = static_cast<Index>(std::floor(begin + 1e-9));
    const Index last = static_cast<Index>(std::ceil(begin + cells - 1e-9));
    return {std::clamp<Index>(first, 0, n), std::clamp<Index>(last, 0, n)};
}

std::vector<Index> labelled_cells(CellRange range, double cell, double gap) {
    Index step = 1;
    for (Index decade = 1; static_cast<double>(step) * cell < gap && decade < 1000000;
         decade *= 10) {
        for (const Index digit : {1, 2, 5, 10}) {
            step = digit * decade;
            if (static_cast<double>(step) * cell >= gap) break;
        }
    }
    std::vector<Index> result;
    for (Index i = (range.first + step - 1) / step * step; i < range.last; i += step) {
        result.push_back(i);
    }
    return result;
}

}  // namespace vitrine::viz
