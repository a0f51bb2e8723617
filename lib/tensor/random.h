// Random numbers that are the same on every platform, compiler and standard library.
#pragma once

#include <cstdint>

#include "tensor/tensor.h"

namespace vitrine {

/// A seeded generator: xoshiro256** started by splitmix64 (Blackman and Vigna 2018).
/// The sequence is fixed by the seed alone; normal numbers use only exactly rounded operations.
class Random {
   public:
    explicit Random(std::uint64_t seed);
    std::uint64_t bits();                     // 64 random bits
    double uniform();                         // in [0, 1), a multiple of 2^-53
    double uniform(double low, double high);  // in [low, high), or high itself by rounding
    double normal();                          // mean 0, deviation 1
    std::uint64_t below(
        std::uint64_t n);  // in [0, n), without bias. @throws ArgumentError if n is 0

   private:
    std::uint64_t state_[4];
};

template <std::size_t N>
Tensor<N> random_normal(Random& random, const Shape<N>& shape, double deviation = 1.0) {
    Tensor<N> result = uninitialized<N>(shape);
    for (Real& value : result) value = static_cast<Real>(deviation * random.normal());
    return result;
}

template <std::size_t N>
Tensor<N> random_uniform(Random& random, const Shape<N>& shape, double low, double high) {
    Tensor<N> result = uninitialized<N>(shape);
    for (Real& value : result) value = static_cast<Real>(random.uniform(low, high));
    return result;
}

}  // namespace vitrine
