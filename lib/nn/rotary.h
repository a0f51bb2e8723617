#pragma once

#include "nn/weights.h"

namespace vitrine {

/// The frequencies of rotary positions: theta^(-2i / R) for pair i of R rotated dimensions.
/// Source: Su et al. 2021, section 3.2.2.
Tensor1 rotary_frequencies(Index rotated, double theta);

namespace fast {

/// Turns pair i of row t by the angle frequencies[i] * (start + t), in every head:
/// (a, b) -> (a cos - b sin, a sin + b cos).
///
/// @param x       [H, T, D] queries or keys
/// @param rotary  frequencies [R / 2] and which two dimensions are a pair
/// @param start   the position of row 0
/// @return        [H, T, D]; the length of every pair is kept
/// @throws ShapeError  if there are more pairs than fit into D
Tensor3 rotate(Ref3 x, const Rotary& rotary, Index start);

}  // namespace fast
}  // namespace vitrine
