#include "train/dropout.h"

#include "tensor/random.h"

namespace vitrine::train {

Dropout at_place(const Dropout& dropout, std::uint64_t place) {
    return {dropout.rate, mix_bits(dropout.key + (place + 1) * golden_step)};
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
        const std::uint64_t random =
            mix_bits(key + static_cast<std::uint64_t>(i + 1) * golden_step) >> 32U;
        x[i] = random < limit ? Real{0} : x[i] * grown;
    }
}

}  // namespace vitrine::train
