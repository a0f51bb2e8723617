// How a model knows where a token stands: four ways.
// The clear version. lib/nn/rotary.cpp and lib/nn/relative_bias.cpp are the fast one.
#include "positional_encoding.h"

#include <algorithm>
#include <cmath>

#include "tensor/error.h"
#include "tensor/shape.h"

namespace vitrine::chapters {

Tensor2 sinusoidal(Index T, Index C) {
    // [marker:sinusoidal]
    Tensor2 table = zeros<2>({T, C});
    for (Index t = 0; t < T; ++t) {
        for (Index i = 0; 2 * i < C; ++i) {
            const double angle = double(t) / std::pow(10000.0, 2.0 * double(i) / double(C));
            table(t, 2 * i) = static_cast<Real>(std::sin(angle));
            table(t, 2 * i + 1) = static_cast<Real>(std::cos(angle));
        }
    }
    return table;
    // [/marker]
}

Tensor3 rotate(Ref3 x, const Rotary& rotary, Index start) {
    const auto [H, T, D] = shape3(x);
    const auto pairs = static_cast<Index>(rotary.frequencies.size());
    if (2 * pairs > D) {
        throw ShapeError("x", "a head width of at least " + std::to_string(2 * pairs),
                         std::to_string(D));
    }
    // [marker:rotate]
    Tensor3 result = x.copy();
    for (Index h = 0; h < H; ++h) {
        for (Index t = 0; t < T; ++t) {
            for (Index i = 0; i < pairs; ++i) {
                const double angle = double(rotary.frequencies(i)) * double(start + t);
                const Index first = rotary.interleaved ? 2 * i : i;
                const Index second = rotary.interleaved ? 2 * i + 1 : i + pairs;
                const double a = x(h, t, first), b = x(h, t, second);
                result(h, t, first) = Real(a * std::cos(angle) - b * std::sin(angle));
                result(h, t, second) = Real(a * std::sin(angle) + b * std::cos(angle));
            }
        }
    }
    return result;
    // [/marker]
}

int relative_bucket(Index relative, bool bidirectional, int buckets, int max_distance) {
    // [marker:bucket]
    int first = 0;
    if (bidirectional) {
        buckets /= 2;  // one half for keys before the query, one for keys behind it
        if (relative > 0) first = buckets;
        relative = std::abs(relative);
    } else {
        relative = std::max<Index>(-relative, 0);  // keys behind the query are hidden anyway
    }
    const int exact = buckets / 2;
    if (relative < exact) return first + static_cast<int>(relative);
    const float place = std::log(float(relative) / float(exact)) /
                        std::log(float(max_distance) / float(exact)) * float(buckets - exact);
    return first + std::min(exact + static_cast<int>(place), buckets - 1);
    // [/marker]
}

Tensor1 alibi_slopes(Index H) {
    Tensor1 slopes = zeros<1>({H});
    for (Index h = 0; h < H; ++h) slopes(h) = Real(std::pow(2.0, -8.0 * double(h + 1) / double(H)));
    return slopes;
}

}  // namespace vitrine::chapters
