// The passes of GPT-2 through a batch, forwards and backwards.
#include <omp.h>

#include <algorithm>
#include <cmath>

#include "kernels/elementwise.h"
#include "kernels/matmul.h"
#include "nn/feed_forward.h"
#include "train/dropout.h"
#include "train/gpt2_memory.h"

namespace vitrine::train {

namespace {

/// y = x W + b for all rows.
void linear(const Tensor2& x, const Real* weight, const Real* bias, Tensor2& y) {
    const auto N = static_cast<Index>(x.shape()[0]), in = static_cast<Index>(x.shape()[1]);
    const auto out = static_cast<Index>(y.shape()[1]);
    Real* to = y.data();
#pragma omp parallel for schedule(static)
    for (Index n = 0; n < N; ++n) std::copy_n(bias, out, to + n * out);
    sgemm(false, false, N, out, in, x.data(), in, weight, out, to, out, true);
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
#pragma omp parallel for schedule(static)
    for (Index n = 0; n < N; ++n) {
        layer_norm_row(x.data() + n * C, weights.gain.data(), weights.bias.data(),
                       Real(weights.epsilon), C, y.data() + n * C);
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

/// Causal attention of one head of one row of the batch: pattern [T, T] and z.
void attend(const Real* q, const Real* k, const Real* v, Index row, Index T, Index D, Real scale,
            Real* pattern, Real* z, Index z_row, const Dropout& dropout) {
    sgemm(false, true, T, T, D, q, row, k, row, pattern, T);
    for (Index t = 0; t < T; ++t) {
        Real* scores = pattern + t * T;
        for (Index s = 0; s <= t; ++s) scores[s] *= scale;
        softmax_row(scores, t + 1);
        std::fill(scores + t + 1, scores + T, Real{0});
    }
    if (dropout.rate <= 0) {
        sgemm(false, false, T, D, T, pattern, T, v, row, z, z_row);
        return;
    }
    std::vector<Real> dropped(pattern, pattern + T * T);  // the backward pass wants the whole one
    drop(dropped, at_place(dropout, 0));  // attention_backward() is called for one head
    sgemm(false, false, T, D, T, dropped.data(), T, v, row, z, z_row);
}

std::span<Real> all(Tensor2& x) {
    return {x.data(), x.size()};
}

/// Where numbers are dropped in a block; the stream's begin is place 0 of the model.
struct Places {
    explicit Places(Index l) : attention(static_cast<std::uint64_t>(1 + 3 * l)) {}
    std::uint64_t attention, attn_out = attention + 1, mlp_out = attention + 2;
};
/// Of one head of one row of the batch.
Dropout of_head(const Dropout& dropout, Index l, Index head) {
    return at_place(at_place(dropout, Places(l).attention), static_cast<std::uint64_t>(head));
}

}  // namespace

void GPT2Trainer::block_forward(Index l, const Dropout& dropout) {
    Memory& m = *memory_;
    BlockMemory& b = m.blocks[static_cast<std::size_t>(l)];
    const Block& p = blocks_[static_cast<std::size_t>(l)];
    const Index C = sizes_.width, H = sizes_.heads, D = C / H, T = m.T;
    norm_rows(b.x, norm(p.ln_1_gain, p.ln_1_bias), b.ln_1);
    linear(b.ln_1, parameters_.value(p.qkv), parameters_.value(p.qkv_bias), b.qkv);
    const Real scale = 1 / std::sqrt(static_cast<Real>(D));
#pragma omp parallel for collapse(2) schedule(static)
    for (Index row = 0; row < m.B; ++row) {
        for (Index h = 0; h < H; ++h) {
            const Real* q = b.qkv.data() + row * T * 3 * C + h * D;
            attend(q, q + C, q + 2 * C, 3 * C, T, D, scale,
                   b.pattern.data() + (row * H + h) * T * T, b.z.data() + row * T * C + h * D, C,
                   of_head(dropout, l, row * H + h));
        }
    }
    linear(b.z, parameters_.value(p.out), parameters_.value(p.out_bias), b.mid);
    drop(all(b.mid), at_place(dropout, Places(l).attn_out));
    add(b.x, b.mid);
    norm_rows(b.mid, norm(p.ln_2_gain, p.ln_2_bias), b.ln_2);
    linear(b.ln_2, parameters_.value(p.in), parameters_.value(p.in_bias), b.pre);
    activate(b.pre, sizes_.activation, b.post);
    Tensor2& next = l + 1 < sizes_.layers ? m.blocks[static_cast<std::size_t>(l) + 1].x : m.last;
    linear(b.post, parameters_.value(p.down), parameters_.value(p.down_bias), next);
    drop(all(next), at_place(dropout, Places(l).mlp_out));
    add(b.mid, next);
}

void GPT2Trainer::forward(const Batch& batch, const Dropout& dropout) {
    check(batch);
    prepare(batch);
    Memory& m = *memory_;
    const Index C = sizes_.width;
    Tensor2& x = m.blocks.empty() ? m.last : m.blocks.front().x;
    const Real *wte = parameters_.value(wte_), *wpe = parameters_.value(wpe_);
#pragma omp parallel for schedule(static)
    for (Index n = 0; n < m.N; ++n) {
        const Real* token = wte + static_cast<Index>(m.ids[static_cast<std::size_t>(n)]) * C;
        const Real* place = wpe + static_cast<Index>(m.places[static_cast<std::size_t>(n)]) * C;
        Real* to = x.data() + n * C;
        for (Index c = 0; c < C; ++c) to[c] = token[c] + place[c];
    }
    drop(all(x), at_place(dropout, 0));
    for (Index l = 0; l < sizes_.layers; ++l) block_forward(l, dropout);
    norm_rows(m.last, norm(ln_f_gain_, ln_f_bias_), m.normed);
    sgemm(false, true, m.N, sizes_.vocabulary, C, m.normed.data(), C, wte, C, m.logits.data(),
          sizes_.vocabulary);
}

Loss GPT2Trainer::end(const Batch& batch, double scale) {
    Memory& m = *memory_;
    return cross_entropy_backward(m.logits.data(), m.N, sizes_.vocabulary, batch.targets, scale);
}

void GPT2Trainer::block_backward(Index l, const Dropout& dropout) {
    Memory& m = *memory_;
    BlockMemory& b = m.blocks[static_cast<std::size_t>(l)];
    const Block& p = blocks_[static_cast<std::size_t>(l)];
    const Index C = sizes_.width, H = sizes_.heads, D = C / H, T = m.T;
    const auto into_branch = [&](std::uint64_t place) -> const Tensor2& {
        if (dropout.rate <= 0) return m.dx;
        std::copy(m.dx.begin(), m.dx.end(), m.dy.begin());
        drop(all(m.dy), at_place(dropout, place));
        return m.dy;
    };
    const auto backward = [&](const Tensor2& dy, const Tensor2& x, std::size_t weight,
                              std::size_t bias, Tensor2& dx) {
        linear_backward(dy, x, parameters_.value(weight), false, dx.data(),
                        parameters_.grad(weight), parameters_.grad(bias));
    };
    // m.dx is the gradient of the stream behind the block; it goes on past each branch.
    backward(into_branch(Places(l).mlp_out), b.post, p.down, p.down_bias, m.d_wide);
    activation_backward({m.d_wide.data(), m.d_wide.size()}, {b.pre.data(), b.pre.size()},
                        sizes_.activation, m.d_wide.data());
    backward(m.d_wide, b.ln_2, p.in, p.in_bias, m.dy);
    layer_norm_backward(m.dy, b.mid, norm(p.ln_2_gain, p.ln_2_bias), m.dy.data(),
                        parameters_.grad(p.ln_2_gain), parameters_.grad(p.ln_2_bias));
    add(m.dy, m.dx);
    backward(into_branch(Places(l).attn_out), b.z, p.out, p.out_bias, m.d_narrow);
    const Real scale = 1 / std::sqrt(static_cast<Real>(D));
#pragma omp parallel for collapse(2) schedule(static)
    for (Index row = 0; row < m.B; ++row) {
        for (Index h = 0; h < H; ++h) {
            const Index at = row * T * 3 * C + h * D;
            const auto part = [&](Index i) {
                return Ref3(b.qkv.data() + at + i * C, {1, T, D}, {D, 3 * C, 1});
            };
            const auto to = [&](Index i) {
                return HeadRows{m.d_qkv.data() + at + i * C, D, 3 * C};
            };
            attention_backward(Ref3(m.d_narrow.data() + row * T * C + h * D, {1, T, D}, {D, C, 1}),
                               part(0), part(1), part(2),
                               Ref3(b.pattern.data() + (row * H + h) * T * T, {1, T, T}), scale,
                               to(0), to(1), to(2), of_head(dropout, l, row * H + h));
        }
    }
    backward(m.d_qkv, b.ln_1, p.qkv, p.qkv_bias, m.dy);
    layer_norm_backward(m.dy, b.x, norm(p.ln_1_gain, p.ln_1_bias), m.dy.data(),
                        parameters_.grad(p.ln_1_gain), parameters_.grad(p.ln_1_bias));
    add(m.dy, m.dx);
}

Loss GPT2Trainer::gradients(const Batch& batch, double scale, Dropout dropout) {
    forward(batch, dropout);
    const Loss loss = end(batch, scale);
    Memory& m = *memory_;
    // The unembedding is the token table read the other way: [V, C] is a transposed weight.
    linear_backward(m.logits, m.normed, parameters_.value(wte_), true, m.dy.data(),
                    parameters_.grad(wte_), nullptr);
    layer_norm_backward(m.dy, m.last, norm(ln_f_gain_, ln_f_bias_), m.dx.data(),
                        parameters_.grad(ln_f_gain_), parameters_.grad(ln_f_bias_));
    for (Index l = sizes_.layers; l-- > 0;) block_backward(l, dropout);
    drop(all(m.dx), at_place(dropout, 0));
    embed_backward(m.dx, m.ids, parameters_.grad(wte_));
    embed_backward(m.dx, m.places, parameters_.grad(wpe_));
    return loss;
}

Loss GPT2Trainer::loss(const Batch& batch) {
    forward(batch, {});
    return end(batch, 0.0);
}

}  // namespace vitrine::train
