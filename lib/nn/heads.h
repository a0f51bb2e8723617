// The two reshapes around attention: rows of all heads side by side, and heads one after the other.
#pragma once

#include "tensor/tensor.h"

namespace vitrine {

/// [T, H D] seen as [H, T, D]; nothing is copied.
/// @throws ShapeError if H does not divide the width
Ref3 split_heads(Ref2 x, Index H);

/// [H, T, D] -> [T, H D], written to the rows that start at `out`.
void join_heads(Ref3 z, Real* out);

}  // namespace vitrine
