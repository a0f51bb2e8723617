#pragma once

#include <span>
#include <vector>

#include "nn/weights.h"

namespace vitrine::chapters {

/// Rows `ids` of the table; as lib/nn/embedding.h.
Tensor2 embed(std::span<const int> ids, const Matrix& table);

/// Every row times every token's vector; as lib/nn/embedding.h.
Tensor2 unembed(Ref2 x, const Matrix& table);

/// The cosine of the angle between two vectors: 1 for one direction, 0 for a right angle, -1 for
/// opposite ones. A vector of zeros has no direction: 0.
/// @param a, b  [C]
double cosine(Ref1 a, Ref1 b);

/// The rows of a table that point most nearly where `vector` points, the nearest first; of equal
/// ones the smaller number first.
///
/// @param vector  [C]
/// @param table   [V, C]
/// @param count   how many; at most V
/// @return        numbers of rows
/// @throws ShapeError  if the widths differ
std::vector<int> nearest(Ref1 vector, Ref2 table, int count);

}  // namespace vitrine::chapters
