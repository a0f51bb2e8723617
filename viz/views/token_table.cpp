#include "viz/views/token_table.h"

#include <algorithm>
#include <cmath>

#include "tensor/shape.h"

namespace vitrine::viz {

namespace {

double product(const Tensor2& vectors, Index a, Index b) {
    const auto C = static_cast<Index>(vectors.shape()[1]);
    const Real* x = vectors.data() + a * C;
    const Real* y = vectors.data() + b * C;
    Real sum = 0;
    for (Index c = 0; c < C; ++c) sum += x[c] * y[c];
    return static_cast<double>(sum);
}

/// The range of one axis that holds all but 1 of 200 tokens at each end.
void set_range(TokenTable& table, std::size_t axis) {
    std::vector<float> places;
    for (Index v = 0; v < table.tokens(); ++v) {
        places.push_back(static_cast<float>(table.shadow(v, static_cast<Index>(axis))));
    }
    if (places.empty()) return;
    std::sort(places.begin(), places.end());
    const std::size_t cut = places.size() / 200;
    table.low[axis] = places[cut];
    table.high[axis] = std::max(places[places.size() - 1 - cut], places[cut] + 1e-6F);
}

}  // namespace

TokenTable read_token_table(const Matrix& wte, const std::stop_token& stop) {
    TokenTable table;
    table.vectors = wte.values();
    table.lengths = zeros<1>({wte.rows});
    for (Index v = 0; v < wte.rows; ++v) {
        table.lengths(v) = static_cast<Real>(std::sqrt(product(table.vectors, v, v)));
    }
    table.axes = principal_axes(table.vectors, stop);
    table.shadow = shadow_of(table.vectors, table.axes);
    set_range(table, 0);
    set_range(table, 1);
    return table;
}

double cosine_of(const TokenTable& table, int a, int b) {
    const auto lengths =
        static_cast<double>(table.lengths(a)) * static_cast<double>(table.lengths(b));
    return lengths > 0.0 ? product(table.vectors, a, b) / lengths : 0.0;
}

std::vector<Neighbour> nearest_tokens(const TokenTable& table, int id, int count) {
    std::vector<Neighbour> all;
    if (id < 0 || id >= table.tokens()) return all;
    all.reserve(static_cast<std::size_t>(table.tokens()));
    for (int v = 0; v < static_cast<int>(table.tokens()); ++v) {
        if (v != id) all.push_back({v, cosine_of(table, id, v)});
    }
    const auto kept = std::min(all.size(), static_cast<std::size_t>(std::max(count, 0)));
    std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(kept), all.end(),
                      [](const Neighbour& a, const Neighbour& b) {
                          return a.cosine != b.cosine ? a.cosine > b.cosine : a.id < b.id;
                      });
    all.resize(kept);
    return all;
}

float colour_limit(const Matrix& wte) {
    constexpr Index sampled = 256;
    const Index step = std::max<Index>(1, wte.rows / sampled);
    std::vector<Real> row(static_cast<std::size_t>(wte.columns));
    std::vector<float> sizes;
    for (Index v = 0; v < wte.rows; v += step) {
        wte.read_row(v, row.data());
        for (const Real value : row) sizes.push_back(std::abs(static_cast<float>(value)));
    }
    if (sizes.empty()) return 1.0F;
    const auto at = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() * 99 / 100);
    std::nth_element(sizes.begin(), at, sizes.end());
    return std::max(*at, 1e-6F);
}

}  // namespace vitrine::viz
