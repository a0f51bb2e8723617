#include "nn/rotary.h"

#include <cmath>

#include "tensor/shape.h"

namespace vitrine {

Tensor1 rotary_frequencies(Index rotated, double theta) {
    Tensor1 frequencies = uninitialized<1>({rotated / 2});
    for (Index i = 0; i < rotated / 2; ++i) {
        const double exponent = -2.0 * static_cast<double>(i) / static_cast<double>(rotated);
        frequencies(i) = static_cast<Real>(std::pow(theta, exponent));
    }
    return frequencies;
}

namespace fast {

Tensor3 rotate(Ref3 x, const Rotary& rotary, Index start) {
    const auto [H, T, D] = shape3(x);
    const auto pairs = static_cast<Index>(rotary.frequencies.size());
    if (2 * pairs > D) {
        throw ShapeError("x", "a head width of at least " + std::to_string(2 * pairs),
                         std::to_string(D));
    }
    // The angles of all positions once; every head turns by the same.
    Tensor2 cosines = uninitialized<2>({T, pairs});
    Tensor2 sines = uninitialized<2>({T, pairs});
    for (Index t = 0; t < T; ++t) {
        for (Index i = 0; i < pairs; ++i) {
            const double angle =
                static_cast<double>(rotary.frequencies(i)) * static_cast<double>(start + t);
            cosines(t, i) = static_cast<Real>(std::cos(angle));
            sines(t, i) = static_cast<Real>(std::sin(angle));
        }
    }
    const Index first = rotary.interleaved ? 2 : 1;      // from one pair to the next
    const Index apart = rotary.interleaved ? 1 : pairs;  // from a pair's first to its second
    Tensor3 result = x.copy();
    for (Index h = 0; h < H; ++h) {
        for (Index t = 0; t < T; ++t) {
            Real* row = result.data() + (h * T + t) * D;
            const Real* c = cosines.data() + t * pairs;
            const Real* s = sines.data() + t * pairs;
            for (Index i = 0; i < pairs; ++i) {
                Real& a = row[i * first];
                Real& b = row[i * first + apart];
                const Real turned = a * c[i] - b * s[i];
                b = a * s[i] + b * c[i];
                a = turned;
            }
        }
    }
    return result;
}

}  // namespace fast
}  // namespace vitrine
