// Random numbers that are the same on every platform, compiler and standard library.
#pragma once

#include <cstdint>

#include "tensor/tensor.h"

namespace vitrine {

/// Bits so mixed that each of x moves each of the result: the finalizer of splitmix64 (Steele et
/// al. 2014). 0 stays 0.
constexpr std::uint64_t mix_bits(std::uint64_t x) {
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31U);
}
/// What splitmix64 counts by: 2^64 divided by the golden ratio.
constexpr std::uint64_t golden_step = 0x9e3779b97f4a7c15U;

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
