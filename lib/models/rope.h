// The frequencies of rotary positions as config.json asks for them.
#pragma once

#include "io/config.h"
#include "nn/rotary.h"

namespace vitrine {

/// @param head_width  D
/// @return            [D / 2] radians a position
/// @throws FileError  for a kind of scaling that Vitrine does not know, naming those it does
/// Source: transformers, modeling_rope_utils.py.
Tensor1 read_rotary_frequencies(const ConfigFile& config, Index head_width);

}  // namespace vitrine
