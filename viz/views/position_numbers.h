// The numbers behind the positions view, from the library's own functions. Nothing here knows of
// ImGui.
#pragma once

#include <array>
#include <utility>
#include <vector>

#include "nn/weights.h"

namespace vitrine::viz {

/// Positions until pair i of a sinusoidal table has turned once: 2 pi 10000^(2i/C).
double sinusoidal_wavelength(Index pair, Index C);

/// The product of row `from` with each row, place by place and added up. [T]
Tensor1 products_with_row(Ref2 table, Index from);
/// The same divided by both lengths: the cosine. [T]
Tensor1 cosines_with_row(Ref2 table, Index from);

/// The score of a query that stands `distance` = 0, 1, ... behind its key: both are (1, 0) in every
/// pair, turned by fast::rotate, the key at position `key`.
/// @return [distances]
Tensor1 rotary_scores(const Rotary& rotary, Index key, Index distances);

/// T5's bucket of every relative position from -reach to reach: 32 of them, up to distance 128, for
/// both directions. [2 reach + 1]
Tensor1 t5_buckets(Index reach);
/// The relative positions, the first and the last, that share a bucket with `relative`, within
/// -reach to reach.
std::pair<Index, Index> bucket_range(Index relative, Index reach);

/// ALiBi's addition to a score, for each of H heads and each distance to the past. [H, distances]
Tensor2 alibi_over_distance(Index H, Index distances);

}  // namespace vitrine::viz
