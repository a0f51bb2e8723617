#include "train/gpt2_trainer.h"

#include <omp.h>

#include <algorithm>
#include <cmath>

#include "kernels/elementwise.h"
#include "kernels/matmul.h"
#include "nn/feed_forward.h"
#include "tensor/error.h"
#include "tensor/random.h"

namespace vitrine::train {

/// Numbers of one block's parameters.
struct GPT2Trainer::Block {
    std::size_t ln_1_gain, ln_1_bias, qkv, qkv_bias, out, out_bias;
    std::size_t ln_2_gain, ln_2_bias, in, in_bias, down, down_bias;
};

/// What a block keeps for its backward pass. N = B T rows.
struct BlockMemory {
    Tensor2 x, ln_1, qkv, z, mid, ln_2, pre, post;  // [N, C], ..., [N, 3C], ..., [N, F], [N, F]
    std::vector<Real> pattern;                      // [B, H, T, T]
};

struct GPT2Trainer::Memory {
    Index B = 0, T = 0, N = 0;
    std::vector<int> ids;
    std::vector<BlockMemory> blocks;
    Tensor2 last, normed, logits;             // [N, C], [N, C], [N, V]
    Tensor2 dx, dy, d_qkv, d_wide, d_narrow;  // gradients on their way
};

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
            Real* pattern, Real* z, Index z_row) {
    sgemm(false, true, T, T, D, q, row, k, row, pattern, T);
    for (Index t = 0; t < T; ++t) {
        Real* scores = pattern + t * T;
        for (Index s = 0; s <= t; ++s) scores[s] *= scale;
        softmax_row(scores, t + 1);
        std::fill(scores + t + 1, scores + T, Real{0});
    }
    sgemm(false, false, T, D, T, pattern, T, v, row, z, z_row);
}

}  // namespace

GPT2Trainer::GPT2Trainer(const GPT2Sizes& sizes) : sizes_(sizes) {
    const Index C = sizes.width, F = sizes.ff_width;
    if (sizes.heads < 1 || C % sizes.heads != 0) {
        throw ArgumentError("heads", "a number that divides the width " + std::to_string(C),
                            std::to_string(sizes.heads));
    }
    const std::string root = "transformer.";
    wte_ = parameters_.add(root + "wte.weight", {sizes.vocabulary, C});
    wpe_ = parameters_.add(root + "wpe.weight", {sizes.positions, C});
    for (Index l = 0; l < sizes.layers; ++l) {
        const std::string h = root + "h." + std::to_string(l) + ".";
        Block b{};
        b.ln_1_gain = parameters_.add(h + "ln_1.weight", {C});
        b.ln_1_bias = parameters_.add(h + "ln_1.bias", {C});
        b.qkv = parameters_.add(h + "attn.c_attn.weight", {C, 3 * C});
        b.qkv_bias = parameters_.add(h + "attn.c_attn.bias", {3 * C});
        b.out = parameters_.add(h + "attn.c_proj.weight", {C, C});
        b.out_bias = parameters_.add(h + "attn.c_proj.bias", {C});
        b.ln_2_gain = parameters_.add(h + "ln_2.weight", {C});
        b.ln_2_bias = parameters_.add(h + "ln_2.bias", {C});
        b.in = parameters_.add(h + "mlp.c_fc.weight", {C, F});
        b.in_bias = parameters_.add(h + "mlp.c_fc.bias", {F});
        b.down = parameters_.add(h + "mlp.c_proj.weight", {F, C});
        b.down_bias = parameters_.add(h + "mlp.c_proj.bias", {C});
        blocks_.push_back(b);
    }
    ln_f_gain_ = parameters_.add(root + "ln_f.weight", {C});
    ln_f_bias_ = parameters_.add(root + "ln_f.bias", {C});
}

GPT2Trainer::~GPT2Trainer() = default;

void GPT2Trainer::randomize(std::uint64_t seed) {
    Random random(seed);
    const double back = 1 / std::sqrt(2.0 * static_cast<double>(sizes_.layers));
    for (std::size_t i = 0; i < parameters_.list().size(); ++i) {
        const Parameter& parameter = parameters_.list()[i];
        Real* values = parameters_.value(i);
        const bool is_gain =
            parameter.name.find("ln_") != std::string::npos && parameter.name.ends_with("weight");
        if (parameter.shape.size() < 2) {
            std::fill_n(values, parameter.size, is_gain ? Real{1} : Real{0});
            continue;
        }
        const double deviation = 0.02 * (parameter.name.ends_with("c_proj.weight") ? back : 1.0);
        for (Index n = 0; n < parameter.size; ++n)
            values[n] = static_cast<Real>(deviation * random.normal());
    }
}

NormWeights GPT2Trainer::norm(std::size_t gain, std::size_t bias) {
    const Index C = sizes_.width;
    NormWeights weights{uninitialized<1>({C}), uninitialized<1>({C}), sizes_.epsilon};
    std::copy_n(parameters_.value(gain), C, weights.gain.data());
    std::copy_n(parameters_.value(bias), C, weights.bias.data());
    return weights;
}

std::size_t GPT2Trainer::activation_bytes(Index B, Index T) const {
    const Index N = B * T, C = sizes_.width, F = sizes_.ff_width;
    const Index block = N * (8 * C + 2 * F) + B * sizes_.heads * T * T;
    const Index rest = N * (2 * C + sizes_.vocabulary) + N * (2 * C + 3 * C + F + C);
    return static_cast<std::size_t>(sizes_.layers * block + rest) * sizeof(Real);
}

void GPT2Trainer::prepare(std::size_t count, Index T) {
    if (!memory_) memory_ = std::make_unique<Memory>();
    Memory& m = *memory_;
    const Index N = static_cast<Index>(count);
    if (m.N == N && m.T == T) return;
    const Index C = sizes_.width, F = sizes_.ff_width, V = sizes_.vocabulary;
    m.T = T;
    m.N = N;
    m.B = N / T;
    const auto make = [N](Index width) { return uninitialized<2>({N, width}); };
    m.blocks.resize(static_cast<std::size_t>(sizes_.layers));
    for (BlockMemory& b : m.blocks) {
        b.x = make(C), b.ln_1 = make(C), b.qkv = make(3 * C), b.z = make(C);
        b.mid = make(C), b.ln_2 = make(C), b.pre = make(F), b.post = make(F);
        b.pattern.resize(static_cast<std::size_t>(m.B * sizes_.heads * T * T));
    }
    m.last = make(C), m.normed = make(C), m.logits = make(V);
    m.dx = make(C), m.dy = make(C), m.d_qkv = make(3 * C), m.d_wide = make(F), m.d_narrow = make(C);
}

void GPT2Trainer::check(std::span<const int> ids, std::span<const int> targets, Index T) const {
    if (T < 1 || T > sizes_.positions) {
        throw ArgumentError("length", "1 to " + std::to_string(sizes_.positions) + " positions",
                            std::to_string(T));
    }
    if (ids.empty() || static_cast<Index>(ids.size()) % T != 0 || targets.size() != ids.size()) {
        throw ArgumentError(
            "batch", "rows of " + std::to_string(T) + " ids, and as many targets",
            std::to_string(ids.size()) + " ids, " + std::to_string(targets.size()) + " targets");
    }
    for (const int id : ids) {
        if (id < 0 || id >= sizes_.vocabulary) {
            throw ArgumentError("id", "0 to " + std::to_string(sizes_.vocabulary - 1),
                                std::to_string(id));
        }
    }
}

void GPT2Trainer::block_forward(Index l) {
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
                   b.pattern.data() + (row * H + h) * T * T, b.z.data() + row * T * C + h * D, C);
        }
    }
    linear(b.z, parameters_.value(p.out), parameters_.value(p.out_bias), b.mid);
    add(b.x, b.mid);
    norm_rows(b.mid, norm(p.ln_2_gain, p.ln_2_bias), b.ln_2);
    linear(b.ln_2, parameters_.value(p.in), parameters_.value(p.in_bias), b.pre);
    activate(b.pre, sizes_.activation, b.post);
    Tensor2& next = l + 1 < sizes_.layers ? m.blocks[static_cast<std::size_t>(l) + 1].x : m.last;
    linear(b.post, parameters_.value(p.down), parameters_.value(p.down_bias), next);
    add(b.mid, next);
}

void GPT2Trainer::forward(std::span<const int> ids) {
    Memory& m = *memory_;
    const Index C = sizes_.width;
    m.ids.assign(ids.begin(), ids.end());
    Tensor2& x = m.blocks.empty() ? m.last : m.blocks.front().x;
    const Real *wte = parameters_.value(wte_), *wpe = parameters_.value(wpe_);
#pragma omp parallel for schedule(static)
    for (Index n = 0; n < m.N; ++n) {
        const Real* token = wte + static_cast<Index>(m.ids[static_cast<std::size_t>(n)]) * C;
        const Real* place = wpe + n % m.T * C;
        Real* to = x.data() + n * C;
        for (Index c = 0; c < C; ++c) to[c] = token[c] + place[c];
    }
    for (Index l = 0; l < sizes_.layers; ++l) block_forward(l);
    norm_rows(m.last, norm(ln_f_gain_, ln_f_bias_), m.normed);
    sgemm(false, true, m.N, sizes_.vocabulary, C, m.normed.data(), C, wte, C, m.logits.data(),
          sizes_.vocabulary);
}

Loss GPT2Trainer::end(std::span<const int> targets, double scale) {
    Memory& m = *memory_;
    return cross_entropy_backward(m.logits.data(), m.N, sizes_.vocabulary, targets, scale);
}

void GPT2Trainer::block_backward(Index l) {
    Memory& m = *memory_;
    BlockMemory& b = m.blocks[static_cast<std::size_t>(l)];
    const Block& p = blocks_[static_cast<std::size_t>(l)];
    const Index C = sizes_.width, H = sizes_.heads, D = C / H, T = m.T;
    const auto backward = [&](const Tensor2& dy, const Tensor2& x, std::size_t weight,
                              std::size_t bias, Tensor2& dx) {
        linear_backward(dy, x, parameters_.value(weight), false, dx.data(),
                        parameters_.grad(weight), parameters_.grad(bias));
    };
    // m.dx is the gradient of the stream behind the block; it goes on past each branch.
    backward(m.dx, b.post, p.down, p.down_bias, m.d_wide);
    activation_backward({m.d_wide.data(), m.d_wide.size()}, {b.pre.data(), b.pre.size()},
                        sizes_.activation, m.d_wide.data());
    backward(m.d_wide, b.ln_2, p.in, p.in_bias, m.dy);
    layer_norm_backward(m.dy, b.mid, norm(p.ln_2_gain, p.ln_2_bias), m.dy.data(),
                        parameters_.grad(p.ln_2_gain), parameters_.grad(p.ln_2_bias));
    add(m.dy, m.dx);
    backward(m.dx, b.z, p.out, p.out_bias, m.d_narrow);
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
                               to(0), to(1), to(2));
        }
    }
    backward(m.d_qkv, b.ln_1, p.qkv, p.qkv_bias, m.dy);
    layer_norm_backward(m.dy, b.x, norm(p.ln_1_gain, p.ln_1_bias), m.dy.data(),
                        parameters_.grad(p.ln_1_gain), parameters_.grad(p.ln_1_bias));
    add(m.dy, m.dx);
}

Loss GPT2Trainer::gradients(std::span<const int> ids, std::span<const int> targets, Index T,
                            double scale) {
    check(ids, targets, T);
    prepare(ids.size(), T);
    forward(ids);
    const Loss loss = end(targets, scale);
    Memory& m = *memory_;
    const Index C = sizes_.width;
    // The unembedding is the token table read the other way: [V, C] is a transposed weight.
    linear_backward(m.logits, m.normed, parameters_.value(wte_), true, m.dy.data(),
                    parameters_.grad(wte_), nullptr);
    layer_norm_backward(m.dy, m.last, norm(ln_f_gain_, ln_f_bias_), m.dx.data(),
                        parameters_.grad(ln_f_gain_), parameters_.grad(ln_f_bias_));
    for (Index l = sizes_.layers; l-- > 0;) block_backward(l);
    embed_backward(m.dx, m.ids, parameters_.grad(wte_));
    std::vector<int> places(m.ids.size());
    for (std::size_t n = 0; n < places.size(); ++n)
        places[n] = static_cast<int>(static_cast<Index>(n) % T);
    embed_backward(Ref2(m.dx.data(), {m.N, C}), places, parameters_.grad(wpe_));
    return loss;
}

Loss GPT2Trainer::loss(std::span<const int> ids, std::span<const int> targets, Index T) {
    check(ids, targets, T);
    prepare(ids.size(), T);
    forward(ids);
    return end(targets, 0.0);
}

std::vector<int> next_tokens(std::span<const int> ids, Index T) {
    std::vector<int> targets(ids.size(), -1);
    for (std::size_t n = 0; n + 1 < ids.size(); ++n) {
        if (static_cast<Index>(n) % T != T - 1) targets[n] = ids[n + 1];
    }
    return targets;
}

}  // namespace vitrine::train
