#include "tensor/print.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "tensor/shape.h"

namespace vitrine {

namespace {

std::string number(Real value, int decimals) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
    char text[64];
    // Fixed decimals where they say enough, else three digits and an exponent.
    const double size = std::abs(static_cast<double>(value));
    const bool fixed = size == 0 || (size < 1e6 && size >= std::pow(10.0, -decimals));
    std::snprintf(text, sizeof text, fixed ? "%.*f" : "%.*e", fixed ? decimals : 2,
                  static_cast<double>(value));
    return text;
}

/// The indices that are shown of a dimension; -1 stands for what is left out.
std::vector<Index> shown(Index extent, Index edge) {
    std::vector<Index> indices;
    for (Index i = 0; i < extent; ++i) {
        if (extent > 2 * edge + 1 && i == edge) {
            indices.push_back(-1);
            i = extent - edge;
        }
        indices.push_back(i);
    }
    return indices;
}

void add_matrix(std::string& text, const Ref2& x, const PrintOptions& options) {
    const std::vector<Index> columns = shown(x.shape[1], options.edge);
    const std::vector<Index> rows_shown = shown(x.shape[0], options.edge);
    std::size_t width = 3;
    std::vector<std::vector<std::string>> cells;
    for (const Index r : rows_shown) {
        cells.emplace_back();
        for (const Index c : columns) {
            cells.back().push_back(r < 0 || c < 0 ? "..." : number(x(r, c), options.decimals));
            width = std::max(width, cells.back().back().size());
        }
    }
    for (const auto& row : cells) {
        text += " ";
        for (const std::string& cell : row) {
            text += " " + std::string(width - cell.size(), ' ') + cell;
        }
        text += "\n";
    }
}

template <std::size_t N>
void add_slices(std::string& text, const Ref<N>& x, const std::string& prefix,
                const PrintOptions& options) {
    if constexpr (N == 2) {
        add_matrix(text, x, options);
    } else {
        for (const Index i : shown(x.shape[0], options.edge)) {
            if (i < 0) {
                text += " ...\n";
                continue;
            }
            const std::string at = prefix + std::to_string(i) + ", ";
            if constexpr (N == 3) text += " [" + at + ":, :]\n";
            add_slices(text, x[i], at, options);
        }
    }
}

template <std::size_t N>
std::string with_header(const std::string& name, const Ref<N>& x, const PrintOptions& options) {
    std::string text = name + " " + shape_text(x.shape) + "\n";
    add_slices(text, x, "", options);
    return text;
}

}  // namespace

std::string to_text(const std::string& name, Ref1 x, const PrintOptions& options) {
    std::string text = name + " " + shape_text(x.shape) + "\n";
    add_matrix(text, Ref2(x.data, {1, x.shape[0]}, {x.shape[0], x.strides[0]}), options);
    return text;
}
std::string to_text(const std::string& name, Ref2 x, const PrintOptions& options) {
    return with_header(name, x, options);
}
std::string to_text(const std::string& name, Ref3 x, const PrintOptions& options) {
    return with_header(name, x, options);
}
std::string to_text(const std::string& name, Ref4 x, const PrintOptions& options) {
    return with_header(name, x, options);
}

}  // namespace vitrine
