// A model's token table, made ready to be looked at: lengths, neighbours, its shadow on a plane.
// Nothing here knows of ImGui; all of it may run in a worker.
#pragma once

#include <stop_token>
#include <vector>

#include "nn/weights.h"
#include "viz/views/principal_axes.h"

namespace vitrine::viz {

struct TokenTable {
    Tensor2 vectors;  // [V, C]
    Tensor1 lengths;  // [V]
    PrincipalAxes axes;
    Tensor2 shadow;                      // [V, 2], on the two axes
    std::array<float, 2> low{}, high{};  // of the shadow, without the outermost few tokens

    Index tokens() const { return static_cast<Index>(lengths.size()); }
};

struct Neighbour {
    int id = 0;
    double cosine = 0.0;
};

/// @param wte  [V, C], stored in any format
TokenTable read_token_table(const Matrix& wte, const std::stop_token& stop = {});

double cosine_of(const TokenTable& table, int a, int b);

/// The tokens whose vectors point most nearly where that of `id` points, the nearest first, without
/// itself.
std::vector<Neighbour> nearest_tokens(const TokenTable& table, int id, int count);

/// The size below which 99 of 100 numbers of the table lie, from a sample of its rows: a few large
/// ones do not bleach all the others.
float colour_limit(const Matrix& wte);

}  // namespace vitrine::viz
