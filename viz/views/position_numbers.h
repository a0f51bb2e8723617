// The numbers behind the positions view, from the library's own functions. Nothing here knows of
// ImGui.
#pragma once

#include <array>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include "activations/record.h"
#include "nn/weights.h"

namespace vitrine::viz {

/// Positions until pair i of a sinusoidal table has turned once: 2 pi 10000^(2i/C).
double sinusoidal_wavelength(Index pair, Index C);

/// The product of row `from` with each row, place by place and added up. [T]
Tensor1 products_with_row(Ref2 table, Index from);
/// The same divided by both lengths: the cosine. [T]
Tensor1 cosines_with_row(Ref2 table, Index from);

/// The score of a query that stands `distance` = 0, 1, ... behind its key: both are (1, 0) in every
/// pair, turned by fast::rotate, the key at position `key`.
/// @return [distances]
Tensor1 rotary_scores(const Rotary& rotary, Index key, Index distances);

/// One pair of numbers of a query or key in a run: an arrow before its position turns it, and
/// after.
struct PairTurn {
    double a = 0.0, b = 0.0;                // before
    double turned_a = 0.0, turned_b = 0.0;  // after

    double length() const { return std::hypot(a, b); }
    double angle() const { return std::atan2(b, a); }  // radians
    double turned_angle() const { return std::atan2(turned_b, turned_a); }
};
/// The pairs of blocks.LAYER.attn.q (or k) and of what blocks.LAYER.attn.q_rot made of them.
/// @param values   [heads, T, D]
/// @param turned   [heads, T, D]
/// @return         one for each frequency; empty if head or position are not there
std::vector<PairTurn> pairs_of(const Activation& values, const Activation& turned,
                               const Rotary& rotary, Index head, Index position);
/// The sum of the products of all pairs: before the turn, and after it.
std::pair<double, double> pair_products(std::span<const PairTurn> query,
                                        std::span<const PairTurn> key);

/// How T5 shares distances out: so many buckets for both directions together, and the distance from
/// which on all share the last.
struct Buckets {
    int count = 32, max_distance = 128;
};
/// T5's bucket of every relative position from -reach to reach. [2 reach + 1]
Tensor1 t5_buckets(Index reach, Buckets buckets = {});
/// The relative positions, the first and the last, that share a bucket with `relative`, within
/// -reach to reach.
std::pair<Index, Index> bucket_range(Index relative, Index reach, Buckets buckets = {});
/// The bucket of a key that stands `relative` positions behind its query.
int t5_bucket(Index relative, Buckets buckets = {});
/// T5's addition to the scores with a random number in each bucket, the same on every call: what
/// head h adds where the query stands at t and the key at s. [H, T, T]
Tensor3 random_t5_bias(Index H, Index T);

/// ALiBi's addition to a score, for each of H heads and each distance to the past. [H, distances]
Tensor2 alibi_over_distance(Index H, Index distances);

}  // namespace vitrine::viz
