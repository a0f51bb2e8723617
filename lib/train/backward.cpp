#include "train/backward.h"

#include <omp.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/elementwise.h"
#include "kernels/matmul.h"
#include "nn/relative_bias.h"
#include "tensor/error.h"
#include "train/dropout.h"

namespace vitrine::train {

namespace {

/// Runs rows(begin, end, partial) on every thread, each with `size` zeros of its own, and adds
/// these to `sums` in the order of the threads: the same numbers in every run.
template <class Rows>
void reduce_rows(Index N, Index size, Real* sums, Rows rows) {
    const int most = omp_get_max_threads();
    std::vector<Real> partials(static_cast<std::size_t>(most) * static_cast<std::size_t>(size));
#pragma omp parallel num_threads(most)
    {
        const Index threads = omp_get_num_threads(), me = omp_get_thread_num();
        rows(N * me / threads, N * (me + 1) / threads, partials.data() + me * size);
    }
    for (int thread = 0; thread < most; ++thread) {
        const Real* partial = partials.data() + thread * size;
        for (Index i = 0; i < size; ++i) sums[i] += partial[i];
    }
}

}  // namespace

void linear_backward(Ref2 dy, Ref2 x, const Real* weight, bool transposed, Real* dx,
                     Real* grad_weight, Real* grad_bias, bool adds) {
    const Index N = dy.shape[0], out = dy.shape[1], in = x.shape[1];
    if (dx != nullptr) {
        sgemm(false, !transposed, N, in, out, dy.data, dy.strides[0], weight, transposed ? in : out,
              dx, in);
    }
    if (transposed) {  // [out, in] += dy^T x
        sgemm(true, false, out, in, N, dy.data, dy.strides[0], x.data, x.strides[0], grad_weight,
              in, adds);
    } else {  // [in, out] += x^T dy
        sgemm(true, false, in, out, N, x.data, x.strides[0], dy.data, dy.strides[0], grad_weight,
              out, adds);
    }
    if (grad_bias == nullptr) return;
    reduce_rows(N, out, grad_bias, [&](Index begin, Index end, Real* partial) {
        for (Index n = begin; n < end; ++n) {
            const Real* row = dy.data + n * dy.strides[0];
#pragma omp simd
            for (Index i = 0; i < out; ++i) partial[i] += row[i];
        }
    });
}

void layer_norm_backward(Ref2 dy, Ref2 x, const NormWeights& weights, Real* dx, Real* grad_gain,
                         Real* grad_bias) {
    const Index N = x.shape[0], C = x.shape[1];
    const Real* gain = weights.gain.data();
    std::vector<Real> sums(static_cast<std::size_t>(2 * C));
    reduce_rows(N, 2 * C, sums.data(), [&](Index begin, Index end, Real* partial) {
        for (Index n = begin; n < end; ++n) {
            const Real *from = x.data + n * x.strides[0], *up = dy.data + n * dy.strides[0];
            Real total = 0, squares = 0;
#pragma omp simd reduction(+ : total)
            for (Index c = 0; c < C; ++c) total += from[c];
            const Real mean = total / static_cast<Real>(C);
#pragma omp simd reduction(+ : squares)
            for (Index c = 0; c < C; ++c) squares += (from[c] - mean) * (from[c] - mean);
            const Real inverse =
                1 / std::sqrt(squares / static_cast<Real>(C) + Real(weights.epsilon));
            // With n = (x - mean) / deviation and g = dy * gain:
            // dx = (g - mean(g) - n mean(g n)) / deviation
            Real mean_g = 0, mean_gn = 0;
#pragma omp simd reduction(+ : mean_g, mean_gn)
            for (Index c = 0; c < C; ++c) {
                const Real normed = (from[c] - mean) * inverse, g = up[c] * gain[c];
                mean_g += g;
                mean_gn += g * normed;
                partial[c] += up[c] * normed;
                partial[C + c] += up[c];
            }
            mean_g /= static_cast<Real>(C);
            mean_gn /= static_cast<Real>(C);
            Real* to = dx + n * C;
#pragma omp simd
            for (Index c = 0; c < C; ++c) {
                const Real normed = (from[c] - mean) * inverse;
                to[c] = (up[c] * gain[c] - mean_g - normed * mean_gn) * inverse;
            }
        }
    });
    for (Index c = 0; c < C; ++c) {
        grad_gain[c] += sums[static_cast<std::size_t>(c)];
        if (grad_bias != nullptr) grad_bias[c] += sums[static_cast<std::size_t>(C + c)];
    }
}

void rms_norm_backward(Ref2 dy, Ref2 x, const NormWeights& weights, Real* dx, Real* grad_gain) {
    const Index N = x.shape[0], C = x.shape[1];
    const Real* gain = weights.gain.data();
    reduce_rows(N, C, grad_gain, [&](Index begin, Index end, Real* partial) {
        for (Index n = begin; n < end; ++n) {
            const Real *from = x.data + n * x.strides[0], *up = dy.data + n * dy.strides[0];
            Real squares = 0, along = 0;
#pragma omp simd reduction(+ : squares)
            for (Index c = 0; c < C; ++c) squares += from[c] * from[c];
            const Real inverse =
                1 / std::sqrt(squares / static_cast<Real>(C) + Real(weights.epsilon));
#pragma omp simd reduction(+ : along)
            for (Index c = 0; c < C; ++c) {
                along += up[c] * gain[c] * from[c];
                partial[c] += up[c] * from[c] * inverse;
            }
            // dx = (g - n mean(g n)) / root mean square, with n = x / root mean square
            const Real back = along * inverse * inverse / static_cast<Real>(C);
            Real* to = dx + n * C;
#pragma omp simd
            for (Index c = 0; c < C; ++c) to[c] = (up[c] * gain[c] - from[c] * back) * inverse;
        }
    });
}

void attention_backward(Ref3 dz, Ref3 q, Ref3 k, Ref3 v, Ref3 pattern, Real scale, HeadRows dq,
                        HeadRows dk, HeadRows dv, const Dropout& dropout, Real* d_scores) {
    const Index H = q.shape[0], T = q.shape[1], D = q.shape[2], K = k.shape[0], S = k.shape[1];
    const Index group = H / K;
    const auto cells = static_cast<std::size_t>(T * S);
    std::vector<Real> scratch(cells), dropped(dropout.rate > 0 ? cells : 0);
    for (Index h = 0; h < H; ++h) {
        const Index kv = h / group;
        const bool adds = h % group != 0;  // further query heads of the same key head
        Real* dp = scratch.data();
        const Real* p = pattern.data + h * pattern.strides[0];
        const Real* up = dz.data + h * dz.strides[0];
        const Real* used = p;  // what met the values
        Index used_row = pattern.strides[1];
        const Dropout here = at_place(dropout, static_cast<std::uint64_t>(h));
        if (dropout.rate > 0) {
            for (Index t = 0; t < T; ++t) std::copy_n(p + t * used_row, S, dropped.data() + t * S);
            drop(dropped, here);
            used = dropped.data();
            used_row = S;
        }
        // dv = pattern^T dz, dp = dz v^T
        sgemm(true, false, S, D, T, used, used_row, up, dz.strides[1], dv.data + kv * dv.head,
              dv.row, adds);
        sgemm(false, true, T, S, D, up, dz.strides[1], v.data + kv * v.strides[0], v.strides[1], dp,
              S);
        drop(scratch, here);
        for (Index t = 0; t < T; ++t) {  // through the softmax, then the scale
            const Real* share = p + t * pattern.strides[1];
            Real* row = dp + t * S;
            Real mean = 0;
#pragma omp simd reduction(+ : mean)
            for (Index s = 0; s < S; ++s) mean += share[s] * row[s];
#pragma omp simd
            for (Index s = 0; s < S; ++s) row[s] = share[s] * (row[s] - mean) * scale;
            if (d_scores == nullptr) continue;
            for (Index s = 0; s < S; ++s) d_scores[(h * T + t) * S + s] = row[s] / scale;
        }
        sgemm(false, false, T, D, S, dp, S, k.data + kv * k.strides[0], k.strides[1],
              dq.data + h * dq.head, dq.row);
        sgemm(true, false, S, D, T, dp, S, q.data + h * q.strides[0], q.strides[1],
              dk.data + kv * dk.head, dk.row, adds);
    }
}

void bucket_bias_backward(Ref3 d_bias, Index buckets, bool bidirectional, int max_distance,
                          Real* grad_table) {
    const Index H = d_bias.shape[0], T = d_bias.shape[1], S = d_bias.shape[2];
    std::vector<Index> bucket_of;  // of each distance, from -(S - 1) on
    for (Index relative = 1 - S; relative < S; ++relative) {
        bucket_of.push_back(
            relative_bucket(relative, bidirectional, static_cast<int>(buckets), max_distance));
    }
#pragma omp parallel for schedule(static)
    for (Index h = 0; h < H; ++h) {
        for (Index t = 0; t < T; ++t) {
            // The distance of key s is s - (t + S - T).
            const Index* bucket = bucket_of.data() + (T - 1 - t);
            for (Index s = 0; s < S; ++s) grad_table[bucket[s] * H + h] += d_bias(h, t, s);
        }
    }
}

void rotate_backward(Ref3 dy, const Rotary& rotary, Index start, HeadRows dx) {
    const Index H = dy.shape[0], T = dy.shape[1], D = dy.shape[2];
    const Index pairs = static_cast<Index>(rotary.frequencies.size());
    for (Index t = 0; t < T; ++t) {
        for (Index i = 0; i < pairs; ++i) {
            const double angle =
                static_cast<double>(rotary.frequencies(i)) * static_cast<double>(start + t);
            const auto c = static_cast<Real>(std::cos(angle)),
                       s = static_cast<Real>(std::sin(angle));
            const Index a = rotary.interleaved ? 2 * i : i;
            const Index b = rotary.interleaved ? 2 * i + 1 : i + pairs;
            for (Index h = 0; h < H; ++h) {
                Real* to = dx.data + h * dx.head + t * dx.row;
                const Real first = dy(h, t, a), second = dy(h, t, b);
                to[a] = c * first + s * second;
                to[b] = c * second - s * first;
            }
        }
        for (Index h = 0; h < H; ++h) {
            for (Index d = 2 * pairs; d < D; ++d)
                dx.data[h * dx.head + t * dx.row + d] = dy(h, t, d);
        }
    }
}

void embed_backward(Ref2 dy, std::span<const int> ids, Real* grad_table) {
    const Index C = dy.shape[1];
#pragma omp parallel
    {  // each thread has columns of its own: the order of the rows is that of the text
        const Index threads = omp_get_num_threads(), me = omp_get_thread_num();
        const Index begin = C * me / threads, end = C * (me + 1) / threads;
        for (std::size_t n = 0; n < ids.size(); ++n) {
            const Real* from = dy.data + static_cast<Index>(n) * dy.strides[0];
            Real* to = grad_table + static_cast<Index>(ids[n]) * C;
            for (Index c = begin; c < end; ++c) to[c] += from[c];
        }
    }
}

Loss cross_entropy_backward(Real* logits, Index N, Index V, std::span<const int> targets,
                            double scale) {
    Loss loss;
    for (const int target : targets) {
        if (target >= V) {
            throw ArgumentError("target", "an id below " + std::to_string(V),
                                std::to_string(target));
        }
        loss.count += target >= 0 ? 1 : 0;
    }
    const Real weight =
        loss.count == 0 ? 0 : static_cast<Real>(scale / static_cast<double>(loss.count));
    std::vector<double> losses(static_cast<std::size_t>(N));  // added up in order, at the end
#pragma omp parallel for schedule(static)
    for (Index n = 0; n < N; ++n) {
        Real* row = logits + n * V;
        const int target = targets[static_cast<std::size_t>(n)];
        if (target < 0) {
            std::fill_n(row, V, Real{0});
            continue;
        }
        const Real chosen = row[target];
        Real largest = row[0];
#pragma omp simd reduction(max : largest)
        for (Index i = 1; i < V; ++i) largest = row[i] > largest ? row[i] : largest;
        Real sum = 0;
#pragma omp simd reduction(+ : sum)
        for (Index i = 0; i < V; ++i) {
            row[i] = vector_exp(row[i] - largest);
            sum += row[i];
        }
        losses[static_cast<std::size_t>(n)] =
            std::log(static_cast<double>(sum)) - static_cast<double>(chosen - largest);
        const Real factor = weight / sum;
#pragma omp simd
        for (Index i = 0; i < V; ++i) row[i] *= factor;
        row[target] -= weight;
    }
    for (const double each : losses) loss.sum += each;
    return loss;
}

}  // namespace vitrine::train
