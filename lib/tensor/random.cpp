#include "tensor/random.h"

#include <bit>
#include <cmath>

#include "tensor/error.h"

namespace vitrine {

namespace {

std::uint64_t splitmix64(std::uint64_t& state) {
    state += golden_step;
    return mix_bits(state);
}

// The natural logarithm of a positive normal number, from +, -, *, / only, so that it rounds the
// same everywhere: x = m 2^e with m in [sqrt(1/2), sqrt(2)), log m = 2 atanh((m - 1) / (m + 1)).
double portable_log(double x) {
    int exponent = 0;
    double mantissa = std::frexp(x, &exponent);
    if (mantissa < 0.70710678118654752) {
        mantissa *= 2.0;
        exponent -= 1;
    }
    const double s = (mantissa - 1.0) / (mantissa + 1.0);
    const double square = s * s;
    double series = 0.0;  // |s| <= 0.172: the term after s^23 is below 1e-20
    for (int k = 23; k >= 1; k -= 2) series = series * square + 1.0 / k;
    return 2.0 * s * series + exponent * 0.69314718055994531;
}

}  // namespace

Random::Random(std::uint64_t seed) {
    for (std::uint64_t& word : state_) word = splitmix64(seed);
}

std::uint64_t Random::bits() {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t t = state_[1] << 17U;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = std::rotl(state_[3], 45);
    return result;
}

double Random::uniform() {
    return static_cast<double>(bits() >> 11U) * 0x1.0p-53;
}

// Not in the header: whoever includes that may let products and sums be fused.
double Random::uniform(double low, double high) {
    return low + (high - low) * uniform();
}

// Marsaglia's polar method: two uniform numbers in a disc make a normal one. The second is dropped,
// so that the generator's state is four words and nothing else.
double Random::normal() {
    for (;;) {
        const double u = 2.0 * uniform() - 1.0;
        const double v = 2.0 * uniform() - 1.0;
        const double s = u * u + v * v;
        if (s < 1.0 && s > 1e-300) return u * std::sqrt(-2.0 * portable_log(s) / s);
    }
}

std::uint64_t Random::below(std::uint64_t n) {
    if (n == 0) throw ArgumentError("Random::below", "a bound of at least 1", "0");
    // Numbers under 2^64 mod n would make some results likelier than others: draw again.
    const std::uint64_t skewed = (0 - n) % n;
    for (;;) {
        const std::uint64_t draw = bits();
        if (draw >= skewed) return draw % n;
    }
}

}  // namespace vitrine
