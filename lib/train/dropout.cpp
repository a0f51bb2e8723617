#include "train/dropout.h"

namespace vitrine::train {

namespace {
/// The finalizer of splitmix64 (Steele et al. 2014): every bit of x moves every bit of the result.
constexpr std::uint64_t mix(std::uint64_t x) {
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31U);
}
constexpr std::uint64_t step = 0x9e3779b97f4a7c15U;
}  // namespace

Dropout at_place(const Dropout& dropout, std::uint64_t place) {
    return {dropout.rate, mix(dropout.key + (place + 1) * step)};
}

void drop(std::span<Real> values, const Dropout& dropout) {
    if (dropout.rate <= 0) return;
    const auto limit = static_cast<std::uint64_t>(dropout.rate * 0x1p32);
    const auto grown = static_cast<Real>(1 / (1 - dropout.rate));
    const std::uint64_t key = dropout.key;
    const auto count = static_cast<Index>(values.size());
    Real* x = values.data();
#pragma omp parallel for simd schedule(static) if (count > (1 << 15))
    for (Index i = 0; i < count; ++i) {
        const std::uint64_t random = mix(key + static_cast<std::uint64_t>(i + 1) * step) >> 32U;
        x[i] = random < limit ? Real{0} : x[i] * grown;
    }
}

}  // namespace vitrine::train
