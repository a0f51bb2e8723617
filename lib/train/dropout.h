// Dropout: each number is zero with the given probability, and the others grow so that the mean
// stays. Whether number i stays is a function of the key and of i: the backward pass asks again
// instead of keeping a mask.
#pragma once

#include <cstdint>
#include <span>

#include "tensor/tensor.h"
#include "train/backward.h"

namespace vitrine::train {

/// A key for one of several places that share a pass.
/// @param place  different for every tensor that is dropped in the pass
Dropout at_place(const Dropout& dropout, std::uint64_t place);

/// values[i] becomes 0 or values[i] / (1 - rate). The forward pass and the backward pass alike.
/// Source: Srivastava et al. 2014, in its inverted form.
void drop(std::span<Real> values, const Dropout& dropout);

}  // namespace vitrine::train
