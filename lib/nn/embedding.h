#pragma once

#include <span>

#include "nn/weights.h"

namespace vitrine::fast {

/// Rows of a table.
/// @param ids    N row numbers
/// @param table  [V, C]
/// @return       [N, C]
/// @throws ArgumentError  naming the position of an id outside [0, V)
Tensor2 embed(std::span<const int> ids, const Matrix& table);

/// Logits against the tied table: x table^T.
/// @param x      [N, C]
/// @param table  [V, C]
/// @return       [N, V]
/// Source: Press and Wolf 2017.
Tensor2 unembed(Ref2 x, const Matrix& table);

}  // namespace vitrine::fast
