#include "train/passes.h"

#include <omp.h>

#include <algorithm>
#include <limits>

#include "kernels/elementwise.h"
#include "kernels/matmul.h"
#include "nn/feed_forward.h"
#include "train/dropout.h"

namespace vitrine::train {

namespace {

NormWeights norm_of(Parameters& parameters, std::size_t gain, float epsilon, Norm kind) {
    const Index C = parameters.list()[gain].size;
    NormWeights weights{uninitialized<1>({C}), {}, epsilon, kind};
    std::copy_n(parameters.value(gain), C, weights.gain.data());
    return weights;
}

/// Scores of one head become shares, row by row.
/// @param mask  [S] or null
void shares(const AttentionShape& shape, const int* mask, const Real* bias, Real* scores) {
    for (Index t = 0; t < shape.T; ++t, scores += shape.S) {
        const Index seen = shape.causal ? t + 1 : shape.S;
        for (Index s = 0; s < seen; ++s) scores[s] *= shape.scale;
        if (bias != nullptr) {
            for (Index s = 0; s < seen; ++s) scores[s] += bias[t * shape.S + s];
        }
        if (mask != nullptr) {
            constexpr Real hidden = -std::numeric_limits<Real>::infinity();
            for (Index s = 0; s < seen; ++s) scores[s] = mask[s] == 0 ? hidden : scores[s];
        }
        softmax_row(scores, seen);
        std::fill(scores + seen, scores + shape.S, Real{0});
    }
}

}  // namespace

void linear(const Tensor2& x, const Real* weight, bool transposed, const Real* bias, Tensor2& y) {
    const auto N = static_cast<Index>(x.shape()[0]), in = static_cast<Index>(x.shape()[1]);
    const auto out = static_cast<Index>(y.shape()[1]);
    Real* to = y.data();
    if (bias != nullptr) {
#pragma omp parallel for schedule(static)
        for (Index n = 0; n < N; ++n) std::copy_n(bias, out, to + n * out);
    }
    sgemm(false, transposed, N, out, in, x.data(), in, weight, transposed ? in : out, to, out,
          bias != nullptr);
}

void add(const Tensor2& a, Tensor2& to) {
    const auto count = static_cast<Index>(a.size());
    const Real* from = a.data();
    Real* sum = to.data();
#pragma omp parallel for simd schedule(static)
    for (Index i = 0; i < count; ++i) sum[i] += from[i];
}

void norm_rows(const Tensor2& x, const NormWeights& weights, Tensor2& y) {
    const auto N = static_cast<Index>(x.shape()[0]), C = static_cast<Index>(x.shape()[1]);
    const Real epsilon = weights.epsilon;
#pragma omp parallel for schedule(static)
    for (Index n = 0; n < N; ++n) {
        const Real* from = x.data() + n * C;
        Real* to = y.data() + n * C;
        if (weights.kind == Norm::rms) {
            rms_norm_row(from, weights.gain.data(), epsilon, C, to);
        } else {
            layer_norm_row(from, weights.gain.data(), weights.bias.data(), epsilon, C, to);
        }
    }
}

void activate(const Tensor2& x, Activate kind, Tensor2& y) {
    const auto count = static_cast<Index>(x.size());
#pragma omp parallel
    {
        const Index threads = omp_get_num_threads(), me = omp_get_thread_num();
        const Index begin = count * me / threads, end = count * (me + 1) / threads;
        Real* to = y.data() + begin;
        std::copy_n(x.data() + begin, end - begin, to);
        fast::activate(to, end - begin, kind);
    }
}

void embed_rows(std::span<const Lookup> lookups, Tensor2& to) {
    const auto N = static_cast<Index>(to.shape()[0]), C = static_cast<Index>(to.shape()[1]);
#pragma omp parallel for schedule(static)
    for (Index n = 0; n < N; ++n) {
        Real* sum = to.data() + n * C;
        std::fill_n(sum, C, Real{0});
        for (const Lookup& each : lookups) {
            const Real* row = each.table + static_cast<Index>(each.ids[std::size_t(n)]) * C;
            for (Index c = 0; c < C; ++c) sum[c] += row[c];
        }
    }
}

NormWeights layer_norm_of(Parameters& parameters, std::size_t gain, std::size_t bias,
                          float epsilon) {
    NormWeights weights = norm_of(parameters, gain, epsilon, Norm::layer);
    weights.bias = weights.gain;
    std::copy_n(parameters.value(bias), weights.bias.size(), weights.bias.data());
    return weights;
}

NormWeights rms_norm_of(Parameters& parameters, std::size_t gain, float epsilon) {
    return norm_of(parameters, gain, epsilon, Norm::rms);
}

std::span<Real> all(Tensor2& x) {
    return {x.data(), x.size()};
}

const Tensor2& into_branch(const Tensor2& dx, Tensor2& scratch, const Dropout& dropout) {
    if (dropout.rate <= 0) return dx;
    std::copy(dx.begin(), dx.end(), scratch.begin());
    drop(all(scratch), dropout);
    return scratch;
}

void attend(const AttentionShape& shape, const QueriesKeysValues<const Real>& from, Real* pattern,
            Tensor2& z, const Dropout& dropout) {
    const Index T = shape.T, S = shape.S, H = shape.H, D = shape.D;
#pragma omp parallel for collapse(2) schedule(static)
    for (Index b = 0; b < shape.B; ++b) {
        for (Index h = 0; h < H; ++h) {
            const Index q_at = b * T * from.q_row + h * D, kv_at = b * S * from.kv_row + h * D;
            Real* share = pattern + (b * H + h) * T * S;
            sgemm(false, true, T, S, D, from.q + q_at, from.q_row, from.k + kv_at, from.kv_row,
                  share, S);
            shares(shape, shape.mask.empty() ? nullptr : shape.mask.data() + b * S,
                   shape.bias == nullptr ? nullptr : shape.bias + h * T * S, share);
            std::vector<Real> dropped;  // the backward pass wants the whole pattern
            const Real* used = share;
            if (dropout.rate > 0) {
                dropped.assign(share, share + T * S);
                const auto head = static_cast<std::uint64_t>(b * H + h);
                // attention_backward() is called for one head: place 0 of its own
                drop(dropped, at_place(at_place(dropout, head), 0));
                used = dropped.data();
            }
            sgemm(false, false, T, D, S, used, S, from.v + kv_at, from.kv_row,
                  z.data() + b * T * H * D + h * D, H * D);
        }
    }
}

void attend_backward(const AttentionShape& shape, const Tensor2& dz,
                     const QueriesKeysValues<const Real>& from, const Real* pattern,
                     const QueriesKeysValues<Real>& to, Real* d_scores, const Dropout& dropout) {
    const Index T = shape.T, S = shape.S, H = shape.H, D = shape.D;
#pragma omp parallel for collapse(2) schedule(static)
    for (Index b = 0; b < shape.B; ++b) {
        for (Index h = 0; h < H; ++h) {
            const Index q_at = b * T * from.q_row + h * D, kv_at = b * S * from.kv_row + h * D;
            const Index cells = (b * H + h) * T * S;
            const auto rows = [D](const Real* at, Index count, Index row) {
                return Ref3(at, {1, count, D}, {D, row, 1});
            };
            attention_backward(
                rows(dz.data() + b * T * H * D + h * D, T, H * D),
                rows(from.q + q_at, T, from.q_row), rows(from.k + kv_at, S, from.kv_row),
                rows(from.v + kv_at, S, from.kv_row), Ref3(pattern + cells, {1, T, S}), shape.scale,
                {to.q + b * T * to.q_row + h * D, D, to.q_row},
                {to.k + b * S * to.kv_row + h * D, D, to.kv_row},
                {to.v + b * S * to.kv_row + h * D, D, to.kv_row},
                at_place(dropout, static_cast<std::uint64_t>(b * H + h)),
                d_scores == nullptr ? nullptr : d_scores + cells);
        }
    }
}

}  // namespace vitrine::train
