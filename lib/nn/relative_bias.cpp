#include "nn/relative_bias.h"

#include <algorithm>
#include <cmath>

#include "tensor/error.h"

namespace vitrine {

int relative_bucket(Index relative, bool bidirectional, int buckets, int max_distance) {
    int first = 0;
    if (bidirectional) {
        buckets /= 2;
        if (relative > 0) first = buckets;
        relative = std::abs(relative);
    } else {
        relative = std::max<Index>(-relative, 0);
    }
    const int exact = buckets / 2;  // distances with a bucket of their own
    if (exact < 1 || max_distance <= exact) {
        throw ArgumentError("buckets", "at least 4, and fewer than twice the largest distance",
                            std::to_string(buckets));
    }
    if (relative < exact) return first + static_cast<int>(relative);
    // In float32, as transformers does: at the border of a bucket it matters.
    const float place = std::log(static_cast<float>(relative) / static_cast<float>(exact)) /
                        std::log(static_cast<float>(max_distance) / static_cast<float>(exact)) *
                        static_cast<float>(buckets - exact);
    return first + std::min(exact + static_cast<int>(place), buckets - 1);
}

Tensor3 bucket_bias(Ref2 table, bool bidirectional, int max_distance, Index T, Index S) {
    const Index buckets = table.shape[0], H = table.shape[1];
    Tensor3 bias = uninitialized<3>({H, T, S});
    // One bucket a distance: position of the key minus position of the query.
    const Index first = -(S - 1);
    std::vector<Index> bucket_of;
    for (Index relative = first; relative < S; ++relative) {
        bucket_of.push_back(
            relative_bucket(relative, bidirectional, static_cast<int>(buckets), max_distance));
    }
    for (Index h = 0; h < H; ++h) {
        for (Index t = 0; t < T; ++t) {
            for (Index s = 0; s < S; ++s) {
                const Index relative = s - (t + (S - T));
                bias(h, t, s) = table(bucket_of[static_cast<std::size_t>(relative - first)], h);
            }
        }
    }
    return bias;
}

Tensor1 alibi_slopes(Index H) {
    if (H < 1 || (H & (H - 1)) != 0) {
        throw ArgumentError("heads", "a power of two", std::to_string(H));
    }
    Tensor1 slopes = uninitialized<1>({H});
    for (Index h = 0; h < H; ++h) {
        slopes(h) = static_cast<Real>(
            std::pow(2.0, -8.0 * static_cast<double>(h + 1) / static_cast<double>(H)));
    }
    return slopes;
}

Tensor3 alibi_bias(Index H, Index T, Index S) {
    const Tensor1 slopes = alibi_slopes(H);
    Tensor3 bias = uninitialized<3>({H, T, S});
    for (Index h = 0; h < H; ++h) {
        for (Index t = 0; t < T; ++t) {
            for (Index s = 0; s < S; ++s) {
                bias(h, t, s) = -slopes(h) * static_cast<Real>(std::abs(t + (S - T) - s));
            }
        }
    }
    return bias;
}

}  // namespace vitrine
