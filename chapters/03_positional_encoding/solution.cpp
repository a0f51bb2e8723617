// Chapter 03.
#include <algorithm>
#include <array>
#include <cmath>

#include "nn/parts.h"
#include "tensor/shape.h"
#include "tensor/tensor.h"

namespace vitrine::mine {

Tensor2 sinusoidal(Index T, Index C) {
    Tensor2 table = zeros<2>({T, C});
    for (Index t = 0; t < T; ++t) {
        for (Index i = 0; 2 * i < C; ++i) {
            const double angle = double(t) / std::pow(10000.0, 2.0 * double(i) / double(C));
            table(t, 2 * i) = static_cast<Real>(std::sin(angle));
            table(t, 2 * i + 1) = static_cast<Real>(std::cos(angle));
        }
    }
    return table;
}

Tensor3 rotate(Ref3 x, const Rotary& rotary, Index start) {
    const auto [H, T, D] = shape3(x);
    const auto pairs = static_cast<Index>(rotary.frequencies.size());
    Tensor3 result = x.copy();
    for (Index h = 0; h < H; ++h) {
        for (Index t = 0; t < T; ++t) {
            for (Index i = 0; i < pairs; ++i) {
                const double angle = double(rotary.frequencies(i)) * double(start + t);
                const bool next_to_each_other = rotary.interleaved;
                const Index first = next_to_each_other ? 2 * i : i;
                const Index second = next_to_each_other ? 2 * i + 1 : i + pairs;
                const double a = x(h, t, first), b = x(h, t, second);
                result(h, t, first) = Real(a * std::cos(angle) - b * std::sin(angle));
                result(h, t, second) = Real(a * std::sin(angle) + b * std::cos(angle));
            }
        }
    }
    return result;
}

std::array<Tensor3, 3> rotate_heads(Ref3 q, Ref3 k, Ref3 v, const Rotary& rotary, Index start) {
    return {rotate(q, rotary, start), rotate(k, rotary, start), v.copy()};
}

int relative_bucket(Index relative, bool bidirectional, int buckets, int max_distance) {
    int first = 0;
    if (bidirectional) {
        buckets /= 2;
        if (relative > 0) first = buckets;
        relative = std::abs(relative);
    } else {
        relative = std::max<Index>(-relative, 0);
    }
    const int exact = buckets / 2;
    if (relative < exact) return first + static_cast<int>(relative);
    const float place = std::log(float(relative) / float(exact)) /
                        std::log(float(max_distance) / float(exact)) * float(buckets - exact);
    return first + std::min(exact + static_cast<int>(place), buckets - 1);
}

}  // namespace vitrine::mine
