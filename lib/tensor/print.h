// Tensors as text that a person can read: the shape, aligned columns, large ones shortened.
//     std::cout << to_text("scores", scores);
//     scores [2, 3]
//        0.5000    -inf  1.2500
//           nan  0.0000 -3.0000
#pragma once

#include <string>

#include "tensor/tensor.h"

namespace vitrine {

struct PrintOptions {
    int decimals = 4;
    Index edge = 4;  // of a longer dimension the first and last so many are shown, "..." between
};

/// The name, the shape, and the numbers row by row; slices of a rank above 2 one after the other.
std::string to_text(const std::string& name, Ref1 x, const PrintOptions& options = {});
std::string to_text(const std::string& name, Ref2 x, const PrintOptions& options = {});
std::string to_text(const std::string& name, Ref3 x, const PrintOptions& options = {});
std::string to_text(const std::string& name, Ref4 x, const PrintOptions& options = {});

}  // namespace vitrine
