// Golden tensors of independent implementations, and comparing with them.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "io/safetensors.h"
#include "tensor/shape.h"
#include "tensor/tensor.h"

namespace vitrine::test {

/// A file under tests/fixtures.
inline std::string fixture(const std::string& name) {
    std::string path = VITRINE_FIXTURES;  // appended to: g++ 12 warns of a sum under sanitizers
    path += "/" + name;
    return path;
}

/// A tensor of rank N from a golden file.
template <std::size_t N>
Tensor<N> golden(const TensorFile& file, const std::string& name) {
    const StoredTensor& stored = file.at(name);
    REQUIRE_MESSAGE(stored.shape.size() == N, name);
    Shape<N> shape{};
    std::copy(stored.shape.begin(), stored.shape.end(), shape.begin());
    Tensor<N> result = uninitialized<N>(shape);
    const std::vector<float> values = stored.floats();
    std::copy(values.begin(), values.end(), result.begin());
    return result;
}

/// The largest absolute difference; infinity if the shapes differ or a number is not one.
template <std::size_t N>
double largest_difference(const Tensor<N>& a, const Tensor<N>& b) {
    if (a.shape() != b.shape()) return INFINITY;
    double largest = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double difference = std::abs(double(a.data()[i]) - double(b.data()[i]));
        if (std::isnan(difference) && !(std::isnan(a.data()[i]) && std::isnan(b.data()[i]))) {
            return INFINITY;
        }
        if (a.data()[i] != b.data()[i]) largest = std::max(largest, difference);
    }
    return largest;
}

/// A kept activation as a tensor of rank N.
template <std::size_t N, class Cache>
Tensor<N> kept(const Cache& cache, const std::string& name) {
    const auto found = cache.find(name);
    REQUIRE_MESSAGE(found != cache.end(), name);
    REQUIRE(found->second.shape.size() == N);
    Shape<N> shape{};
    std::copy(found->second.shape.begin(), found->second.shape.end(), shape.begin());
    Tensor<N> result = uninitialized<N>(shape);
    std::copy(found->second.values.begin(), found->second.values.end(), result.begin());
    return result;
}

}  // namespace vitrine::test
