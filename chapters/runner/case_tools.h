// What the cases of an exercise are written with.
#pragma once

#include <algorithm>
#include <initializer_list>

#include "io/safetensors.h"
#include "tensor/shape.h"

namespace vitrine::runner {

/// A stored tensor of rank N. @throws ShapeError if it has another rank
template <std::size_t N>
Tensor<N> tensor_of(const StoredTensor& stored) {
    check_shape(stored.name, stored.shape, std::vector<Index>(N, any));
    Shape<N> shape{};
    std::copy(stored.shape.begin(), stored.shape.end(), shape.begin());
    Tensor<N> result = uninitialized<N>(shape);
    const std::vector<float> values = stored.floats();
    std::copy(values.begin(), values.end(), result.begin());
    return result;
}

/// A tensor of the given shape, its numbers row by row.
template <std::size_t N>
Tensor<N> filled(const Shape<N>& shape, std::initializer_list<Real> values) {
    Tensor<N> result = uninitialized<N>(shape);
    std::copy(values.begin(), values.end(), result.begin());
    return result;
}

}  // namespace vitrine::runner
