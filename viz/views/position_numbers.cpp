#include "viz/views/position_numbers.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "nn/relative_bias.h"
#include "nn/rotary.h"
#include "tensor/random.h"
#include "tensor/shape.h"

namespace vitrine::viz {

namespace {

double row_product(Ref2 table, Index a, Index b) {
    double sum = 0.0;
    for (Index c = 0; c < table.shape[1]; ++c) sum += double(table(a, c)) * double(table(b, c));
    return sum;
}

/// Vectors that are (1, 0) in every pair, at positions from `start` on. [1, T, D]
Tensor3 turned(const Rotary& rotary, Index start, Index T) {
    const auto pairs = static_cast<Index>(rotary.frequencies.size());
    Tensor3 x = zeros<3>({1, T, 2 * pairs});
    for (Index t = 0; t < T; ++t) {
        for (Index i = 0; i < pairs; ++i) x(0, t, rotary.interleaved ? 2 * i : i) = 1;
    }
    return fast::rotate(x, rotary, start);
}

}  // namespace

double sinusoidal_wavelength(Index pair, Index C) {
    return 2.0 * std::numbers::pi * std::pow(10000.0, 2.0 * double(pair) / double(C));
}

Tensor1 products_with_row(Ref2 table, Index from) {
    Tensor1 result = zeros<1>({table.shape[0]});
    for (Index t = 0; t < table.shape[0]; ++t) result(t) = Real(row_product(table, from, t));
    return result;
}

Tensor1 cosines_with_row(Ref2 table, Index from) {
    Tensor1 result = products_with_row(table, from);
    const double own = std::sqrt(row_product(table, from, from));
    for (Index t = 0; t < table.shape[0]; ++t) {
        const double lengths = own * std::sqrt(row_product(table, t, t));
        result(t) = lengths > 0.0 ? Real(double(result(t)) / lengths) : Real(0);
    }
    return result;
}

Tensor1 rotary_scores(const Rotary& rotary, Index key, Index distances) {
    const Tensor3 k = turned(rotary, key, 1);
    const Tensor3 q = turned(rotary, key, distances);
    Tensor1 scores = zeros<1>({distances});
    for (Index d = 0; d < distances; ++d) {
        double sum = 0.0;
        for (std::size_t c = 0; c < k.shape()[2]; ++c)
            sum += double(q(0, d, c)) * double(k(0, 0, c));
        scores(d) = Real(sum);
    }
    return scores;
}

std::vector<PairTurn> pairs_of(const Activation& values, const Activation& turned,
                               const Rotary& rotary, Index head, Index position) {
    std::vector<PairTurn> pairs;
    if (values.shape.size() != 3 || turned.shape != values.shape) return pairs;
    const Index T = values.shape[1], D = values.shape[2];
    if (head < 0 || head >= values.shape[0] || position < 0 || position >= T) return pairs;
    const Real* before = values.values.data() + (head * T + position) * D;
    const Real* after = turned.values.data() + (head * T + position) * D;
    const auto count = static_cast<Index>(rotary.frequencies.size());
    for (Index i = 0; i < count; ++i) {
        const Index first = rotary.interleaved ? 2 * i : i;
        const Index second = rotary.interleaved ? first + 1 : first + count;
        pairs.push_back({double(before[first]), double(before[second]), double(after[first]),
                         double(after[second])});
    }
    return pairs;
}

std::pair<double, double> pair_products(std::span<const PairTurn> query,
                                        std::span<const PairTurn> key) {
    double before = 0.0, after = 0.0;
    for (std::size_t i = 0; i < std::min(query.size(), key.size()); ++i) {
        before += query[i].a * key[i].a + query[i].b * key[i].b;
        after += query[i].turned_a * key[i].turned_a + query[i].turned_b * key[i].turned_b;
    }
    return {before, after};
}

Tensor1 t5_buckets(Index reach, Buckets buckets) {
    Tensor1 result = zeros<1>({2 * reach + 1});
    for (Index i = 0; i <= 2 * reach; ++i) {
        result(i) = Real(t5_bucket(i - reach, buckets));
    }
    return result;
}

std::pair<Index, Index> bucket_range(Index relative, Index reach, Buckets buckets) {
    const int own = t5_bucket(relative, buckets);
    const auto same = [&](Index other) {
        return std::abs(other) <= reach && t5_bucket(other, buckets) == own;
    };
    std::pair<Index, Index> range{relative, relative};
    while (same(range.first - 1)) --range.first;
    while (same(range.second + 1)) ++range.second;
    return range;
}

int t5_bucket(Index relative, Buckets buckets) {
    return relative_bucket(relative, true, buckets.count, buckets.max_distance);
}

Tensor3 random_t5_bias(Index H, Index T) {
    Random random(2020);
    const Tensor2 table = random_normal<2>(random, {H, Index{Buckets{}.count}});
    Tensor3 bias = uninitialized<3>({H, T, T});
    for (Index h = 0; h < H; ++h) {
        for (Index t = 0; t < T; ++t) {
            for (Index s = 0; s < T; ++s) bias(h, t, s) = table(h, t5_bucket(s - t));
        }
    }
    return bias;
}

Tensor2 alibi_over_distance(Index H, Index distances) {
    // The last query of `distances` positions sees all of them; the nearest key stands last.
    const Tensor3 bias = alibi_bias(H, 1, distances);  // [H, 1, S]
    Tensor2 result = zeros<2>({H, distances});
    for (Index h = 0; h < H; ++h) {
        for (Index d = 0; d < distances; ++d) result(h, d) = bias(h, 0, distances - 1 - d);
    }
    return result;
}

}  // namespace vitrine::viz
