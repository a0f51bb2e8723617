// The fast attention: no [H, T, S] tensor is made unless a record asks for one.
// chapters/04_attention/attention.cpp is the clear one.
#include "nn/attention.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "kernels/elementwise.h"
#include "kernels/matmul.h"
#include "tensor/shape.h"

namespace vitrine::fast {

namespace {

constexpr Index query_block = 64;  // queries whose scores are in memory at a time

struct Sizes {
    Index H, K, T, S, D;
    Index key_head(Index h) const { return h / (H / K); }
};

Sizes check(const Ref3& q, const Ref3& k, const Ref3& v, const Bias& bias) {
    const auto [H, T, D] = shape3(q);
    const auto [K, S, Dk] = shape3(k);
    if (K == 0 || H % K != 0) {
        throw ShapeError("k", "a number of heads that divides " + std::to_string(H),
                         std::to_string(K), "query head h reads key head h / (H / K)");
    }
    check_shape("k", k, {K, S, D});
    check_shape("v", v, {K, S, D});
    bias.check(H, T, S);
    return {H, K, T, S, D};
}

/// Numbers of the last dimension side by side and rows that don't overlap, as the matrix products
/// need them.
struct Rows {
    Tensor3 storage;
    Ref3 view;
    explicit Rows(Ref3 x) : view(x) {
        if (x.strides[2] == 1 && x.strides[1] >= x.shape[2]) return;
        storage = x.copy();
        view = storage;
    }
};

/// Keys beyond the result are hidden from all queries of [begin, end).
Index visible_keys(const Ref2& bias, Index begin, Index end, Index S) {
    Index most = 0;
    for (Index t = begin; t < end && most < S; ++t) {
        Index s = S;
        while (s > most && bias(t, s - 1) == -std::numeric_limits<Real>::infinity()) --s;
        most = std::max(most, s);
    }
    return most;
}

/// row = scale row + bias, for query t.
void scale_and_add(Real* row, Index S, Real scale, const Ref2& bias, Index t) {
    if (bias.data == nullptr) {
#pragma omp simd
        for (Index s = 0; s < S; ++s) row[s] *= scale;
        return;
    }
    const Real* added = bias.data + t * bias.strides[0];
    const Index stride = bias.strides[1];
    if (stride == 1) {
#pragma omp simd
        for (Index s = 0; s < S; ++s) row[s] = row[s] * scale + added[s];
    } else {
        for (Index s = 0; s < S; ++s) row[s] = row[s] * scale + added[s * stride];
    }
}

/// Rows [begin, end) of one head: z = softmax(scale q k^T + bias) v, with the scores in `scratch`.
void attend_block(const Ref2& q, const Ref2& k, const Ref2& v, const Bias& bias, Index h,
                  Real scale, Index begin, Index end, std::vector<Real>& scratch, Real* z) {
    const Index D = q.shape[1];
    const Index T = end - begin;
    const Ref2 added = bias.head(h);
    const Index S = bias.none() ? k.shape[0] : visible_keys(added, begin, end, k.shape[0]);
    if (S == 0) {
        std::fill_n(z + begin * D, T * D, Real{0});
        return;
    }
    scratch.resize(static_cast<std::size_t>(T * S));
    sgemm(false, true, T, S, D, q.data + begin * q.strides[0], q.strides[0], k.data, k.strides[0],
          scratch.data(), S);  // [T, S]
    for (Index t = 0; t < T; ++t) {
        Real* row = scratch.data() + t * S;
        scale_and_add(row, S, scale, added, begin + t);
        softmax_row(row, S);
    }
    sgemm(false, false, T, D, S, scratch.data(), S, v.data, v.strides[0], z + begin * D, D);
}

/// One query: two passes over keys and values, without calling a matrix product.
void attend_one(const Ref2& q, const Ref2& k, const Ref2& v, const Bias& bias, Index h, Real scale,
                std::vector<Real>& scratch, Real* z) {
    const Index S = k.shape[0];
    const Index D = k.shape[1];
    const Ref2 added = bias.head(h);
    scratch.resize(static_cast<std::size_t>(S));
    for (Index s = 0; s < S; ++s) {
        const Real* key = k.data + s * k.strides[0];
        Real sum = 0;
#pragma omp simd reduction(+ : sum)
        for (Index d = 0; d < D; ++d) sum += q.data[d] * key[d];
        scratch[static_cast<std::size_t>(s)] = sum * scale + (bias.none() ? 0 : added(0, s));
    }
    softmax_row(scratch.data(), S);
    std::fill_n(z, D, Real{0});
    for (Index s = 0; s < S; ++s) {
        const Real* value = v.data + s * v.strides[0];
        const Real weight = scratch[static_cast<std::size_t>(s)];
#pragma omp simd
        for (Index d = 0; d < D; ++d) z[d] += weight * value[d];
    }
}

/// The same step by step, with every step handed to the record.
Tensor3 attention_recorded(const Ref3& q, const Ref3& k, const Ref3& v, const Bias& bias,
                           Real scale, Record* record, const Sizes& n) {
    Tensor3 scores = uninitialized<3>({n.H, n.T, n.S});
    for (Index h = 0; h < n.H; ++h) {
        const Ref2 key = k[n.key_head(h)];
        sgemm(false, true, n.T, n.S, n.D, q[h].data, q.strides[1], key.data, key.strides[0],
              scores.data() + h * n.T * n.S, n.S);
    }
    for (Real& score : scores) score *= scale;
    tap(record, "scores", scores, "HTS");
    Tensor3 pattern = add_bias(scores, bias);  // [H, T, S]
    for (Index row = 0; row < n.H * n.T; ++row) softmax_row(pattern.data() + row * n.S, n.S);
    tap(record, "pattern", pattern, "HTS");
    Tensor3 z = uninitialized<3>({n.H, n.T, n.D});
    for (Index h = 0; h < n.H; ++h) {
        const Ref2 value = v[n.key_head(h)];
        sgemm(false, false, n.T, n.D, n.S, pattern.data() + h * n.T * n.S, n.S, value.data,
              value.strides[0], z.data() + h * n.T * n.D, n.D);
    }
    return z;
}

}  // namespace

Tensor3 attention(Ref3 q, Ref3 k, Ref3 v, const Bias& bias, float scale, Record* record) {
    const Sizes n = check(q, k, v, bias);
    const Rows queries(q);
    const Rows keys(k);
    const Rows values(v);
    if (n.S == 0 || n.T == 0) return zeros<3>({n.H, n.T, n.D});
    if (record != nullptr && (record->wants("scores") || record->wants("pattern"))) {
        Tensor3 z =
            attention_recorded(queries.view, keys.view, values.view, bias, scale, record, n);
        tap(record, "z", z, "HTD");
        return z;
    }
    Tensor3 z = uninitialized<3>({n.H, n.T, n.D});
    const Index blocks = (n.T + query_block - 1) / query_block;
    const bool worth_a_team = n.H * n.T * n.S * n.D > (1 << 17);
#pragma omp parallel if (worth_a_team)
    {
        std::vector<Real> scratch;
#pragma omp for collapse(2) schedule(dynamic)
        for (Index h = 0; h < n.H; ++h) {
            for (Index block = 0; block < blocks; ++block) {
                const Ref2 key = keys.view[n.key_head(h)];
                const Ref2 value = values.view[n.key_head(h)];
                Real* out = z.data() + h * n.T * n.D;
                if (n.T == 1) {
                    attend_one(queries.view[h], key, value, bias, h, scale, scratch, out);
                } else {
                    attend_block(queries.view[h], key, value, bias, h, scale, block * query_block,
                                 std::min(n.T, (block + 1) * query_block), scratch, out);
                }
            }
        }
    }
    tap(record, "z", z, "HTD");
    return z;
}

}  // namespace vitrine::fast
