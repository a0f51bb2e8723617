#include "viz/views/position_numbers.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "nn/relative_bias.h"
#include "nn/rotary.h"
#include "tensor/shape.h"

namespace vitrine::viz {

namespace {

constexpr int buckets = 32, max_distance = 128;

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

Tensor1 t5_buckets(Index reach) {
    Tensor1 result = zeros<1>({2 * reach + 1});
    for (Index i = 0; i <= 2 * reach; ++i) {
        result(i) = Real(relative_bucket(i - reach, true, buckets, max_distance));
    }
    return result;
}

std::pair<Index, Index> bucket_range(Index relative, Index reach) {
    const int own = relative_bucket(relative, true, buckets, max_distance);
    const auto same = [&](Index other) {
        return std::abs(other) <= reach &&
               relative_bucket(other, true, buckets, max_distance) == own;
    };
    std::pair<Index, Index> range{relative, relative};
    while (same(range.first - 1)) --range.first;
    while (same(range.second + 1)) ++range.second;
    return range;
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
