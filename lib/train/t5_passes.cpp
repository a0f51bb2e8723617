// The passes of T5 through a batch, forwards and backwards.
#include <algorithm>
#include <cmath>

#include "kernels/matmul.h"
#include "nn/relative_bias.h"
#include "train/dropout.h"
#include "train/t5_memory.h"

namespace vitrine::train {

namespace {

// Where numbers are dropped: a key for each stack and block, and these places in it.
enum Place : std::uint64_t { attention, attn_out, cross_attention, cross_out, mlp_post, mlp_out };
constexpr std::uint64_t embedding = 0, final_norm = 1, first_block = 2;

Dropout of_block(const Dropout& dropout, std::size_t l) {
    return at_place(dropout, first_block + l);
}

void multiply_by(const Tensor2& factor, Tensor2& x) {
    const auto count = static_cast<Index>(x.size());
    const Real* from = factor.data();
    Real* to = x.data();
#pragma omp parallel for simd schedule(static)
    for (Index i = 0; i < count; ++i) to[i] *= from[i];
}

void multiply_by(Real factor, Tensor2& x) {
    const auto count = static_cast<Index>(x.size());
    Real* to = x.data();
#pragma omp parallel for simd schedule(static)
    for (Index i = 0; i < count; ++i) to[i] *= factor;
}

/// to [cells] += the sum over b of from[b] [cells].
void add_texts(const std::vector<Real>& from, Index B, Tensor3& to) {
    const auto cells = static_cast<Index>(to.size());
    Real* sum = to.data();
#pragma omp parallel for schedule(static)
    for (Index i = 0; i < cells; ++i) {
        for (Index b = 0; b < B; ++b) sum[i] += from[static_cast<std::size_t>(b * cells + i)];
    }
}

}  // namespace

AttentionShape T5Trainer::self(const StackMemory& m) const {
    return {m.B, m.T, m.T, sizes_.heads, sizes_.head_width, 1, m.decoder, m.mask, m.bias.data()};
}

AttentionShape T5Trainer::cross(const StackMemory& m) const {
    return {m.B, m.T, m.S, sizes_.heads, sizes_.head_width, 1, false, m.source->mask};
}

NormWeights T5Trainer::norm(std::size_t gain) {
    return rms_norm_of(parameters_, gain, sizes_.epsilon);
}

void T5Trainer::linear_of(const Tensor2& x, std::size_t weight, Tensor2& y) {
    linear(x, parameters_.value(weight), true, nullptr, y);
}

void T5Trainer::backward_of(const Tensor2& dy, const Tensor2& x, std::size_t weight, Tensor2& dx) {
    const Parameters::Sum sum = parameters_.sum(weight);
    linear_backward(dy, x, parameters_.value(weight), true, dx.data(), sum.to, nullptr, sum.adds);
}

/// @param dx  the gradient behind the norm; becomes the one in front of it
void T5Trainer::norm_backward_of(const Tensor2& x, std::size_t gain, Tensor2& dx) {
    rms_norm_backward(dx, x, norm(gain), dx.data(), parameters_.grad(gain));
}

void T5Trainer::self_forward(const Block& p, StackMemory& m, BlockMemory& b,
                             const Dropout& dropout) {
    const Index I = sizes_.heads * sizes_.head_width;
    norm_rows(b.x, norm(p.ln_1), b.ln_1);
    linear_of(b.ln_1, p.qkv, b.qkv);
    attend(self(m), side_by_side<const Real>(b.qkv.data(), I), b.pattern.data(), b.z,
           at_place(dropout, attention));
    linear_of(b.z, p.out, b.mid);
    drop(all(b.mid), at_place(dropout, attn_out));
    add(b.x, b.mid);
}

void T5Trainer::cross_forward(const Block& p, StackMemory& m, BlockMemory& b,
                              const Dropout& dropout) {
    const Index I = sizes_.heads * sizes_.head_width;
    norm_rows(b.mid, norm(p.ln_cross), b.ln_cross);
    linear_of(b.ln_cross, p.cross_q, b.q);
    linear_of(m.source->normed, p.cross_kv, b.kv);
    attend(cross(m), {b.q.data(), b.kv.data(), b.kv.data() + I, I, 2 * I}, b.cross_pattern.data(),
           b.z_cross, at_place(dropout, cross_attention));
    linear_of(b.z_cross, p.cross_out, b.crossed);
    drop(all(b.crossed), at_place(dropout, cross_out));
    add(b.mid, b.crossed);
}

void T5Trainer::feed_forward(const Block& p, BlockMemory& b, Tensor2& next,
                             const Dropout& dropout) {
    const Tensor2& x = b.before_feed();
    norm_rows(x, norm(p.ln_2), b.ln_2);
    linear_of(b.ln_2, p.in, b.pre);
    if (sizes_.gated) {
        linear_of(b.ln_2, p.gate, b.gate);
        activate(b.gate, sizes_.activation, b.post);
        multiply_by(b.pre, b.post);
    } else {
        activate(b.pre, sizes_.activation, b.post);
    }
    drop(all(b.post), at_place(dropout, mlp_post));
    linear_of(b.post, p.down, next);
    drop(all(next), at_place(dropout, mlp_out));
    add(x, next);
}

void T5Trainer::stack_forward(const Stack& stack, StackMemory& m, const Dropout& dropout) {
    Tensor2& x = m.blocks.empty() ? m.last : m.blocks.front().x;
    const Lookup lookup{m.ids, parameters_.value(tokens_)};
    embed_rows({&lookup, 1}, x);
    drop(all(x), at_place(dropout, embedding));
    const Ref2 table(parameters_.value(stack.distances), {sizes_.buckets, sizes_.heads});
    m.bias = bucket_bias(table, !m.decoder, sizes_.max_distance, m.T, m.T);
    for (std::size_t l = 0; l < m.blocks.size(); ++l) {
        BlockMemory& b = m.blocks[l];
        const Dropout here = of_block(dropout, l);
        self_forward(stack.blocks[l], m, b, here);
        if (m.decoder) cross_forward(stack.blocks[l], m, b, here);
        feed_forward(stack.blocks[l], b, l + 1 < m.blocks.size() ? m.blocks[l + 1].x : m.last,
                     here);
    }
    norm_rows(m.last, norm(stack.final_norm), m.normed);
    drop(all(m.normed), at_place(dropout, final_norm));
}

void T5Trainer::forward(const Batch& batch, const Dropout& dropout) {
    check(batch);
    prepare(batch);
    Memory& m = *memory_;
    stack_forward(*encoder_, m.encoder, at_place(dropout, 0));
    stack_forward(*decoder_, m.decoder, at_place(dropout, 1));
    m.scaled = m.decoder.normed;
    if (sizes_.scaled) multiply_by(1 / std::sqrt(static_cast<Real>(sizes_.width)), m.scaled);
    linear_of(m.scaled, unembed_, m.logits);
}

Loss T5Trainer::end(const Batch& batch, double scale) {
    return cross_entropy_backward(memory_->logits.data(), memory_->decoder.N, sizes_.vocabulary,
                                  batch.targets, scale);
}

void T5Trainer::feed_backward(const Block& p, StackMemory& m, BlockMemory& b,
                              const Dropout& dropout) {
    backward_of(into_branch(m.dx, m.dy, at_place(dropout, mlp_out)), b.post, p.down, m.d_wide);
    drop(all(m.d_wide), at_place(dropout, mlp_post));
    if (sizes_.gated) {
        gated_backward(all(m.d_wide), all(b.gate), all(b.pre), sizes_.activation, m.d_gate.data(),
                       m.d_wide.data());
        backward_of(m.d_gate, b.ln_2, p.gate, m.dy);
        backward_of(m.d_wide, b.ln_2, p.in, m.d_narrow);
        add(m.d_narrow, m.dy);
    } else {
        activation_backward(all(m.d_wide), all(b.pre), sizes_.activation, m.d_wide.data());
        backward_of(m.d_wide, b.ln_2, p.in, m.dy);
    }
    norm_backward_of(b.before_feed(), p.ln_2, m.dy);
    add(m.dy, m.dx);
}

void T5Trainer::cross_backward(const Block& p, StackMemory& m, BlockMemory& b,
                               const Dropout& dropout) {
    const Index I = sizes_.heads * sizes_.head_width;
    backward_of(into_branch(m.dx, m.dy, at_place(dropout, cross_out)), b.z_cross, p.cross_out,
                m.d_z);
    attend_backward(cross(m), m.d_z, {b.q.data(), b.kv.data(), b.kv.data() + I, I, 2 * I},
                    b.cross_pattern.data(),
                    {m.d_q.data(), m.d_kv.data(), m.d_kv.data() + I, I, 2 * I}, nullptr,
                    at_place(dropout, cross_attention));
    backward_of(m.d_kv, m.source->normed, p.cross_kv, m.d_source);
    add(m.d_source, m.d_memory);
    backward_of(m.d_q, b.ln_cross, p.cross_q, m.dy);
    norm_backward_of(b.mid, p.ln_cross, m.dy);
    add(m.dy, m.dx);
}

void T5Trainer::self_backward(const Block& p, StackMemory& m, BlockMemory& b,
                              const Dropout& dropout) {
    const Index I = sizes_.heads * sizes_.head_width;
    backward_of(into_branch(m.dx, m.dy, at_place(dropout, attn_out)), b.z, p.out, m.d_z);
    attend_backward(self(m), m.d_z, side_by_side<const Real>(b.qkv.data(), I), b.pattern.data(),
                    side_by_side(m.d_qkv.data(), I), m.d_scores.data(),
                    at_place(dropout, attention));
    add_texts(m.d_scores, m.B, m.d_bias);
    backward_of(m.d_qkv, b.ln_1, p.qkv, m.dy);
    norm_backward_of(b.x, p.ln_1, m.dy);
    add(m.dy, m.dx);
}

/// m.dx is the gradient behind the stack's last norm.
void T5Trainer::stack_backward(const Stack& stack, StackMemory& m, const Dropout& dropout) {
    drop(all(m.dx), at_place(dropout, final_norm));
    norm_backward_of(m.last, stack.final_norm, m.dx);
    m.d_bias.fill(0);
    if (m.decoder) m.d_memory.fill(0);
    for (std::size_t l = m.blocks.size(); l-- > 0;) {
        BlockMemory& b = m.blocks[l];
        const Dropout here = of_block(dropout, l);
        feed_backward(stack.blocks[l], m, b, here);
        if (m.decoder) cross_backward(stack.blocks[l], m, b, here);
        self_backward(stack.blocks[l], m, b, here);
    }
    bucket_bias_backward(m.d_bias, sizes_.buckets, !m.decoder, sizes_.max_distance,
                         parameters_.grad(stack.distances));
    drop(all(m.dx), at_place(dropout, embedding));
    embed_backward(m.dx, m.ids, parameters_.grad(tokens_));
}

Loss T5Trainer::gradients(const Batch& batch, double scale, Dropout dropout) {
    forward(batch, dropout);
    const Loss loss = end(batch, scale);
    Memory& m = *memory_;
    backward_of(m.logits, m.scaled, unembed_, m.decoder.dx);
    if (sizes_.scaled) multiply_by(1 / std::sqrt(static_cast<Real>(sizes_.width)), m.decoder.dx);
    stack_backward(*decoder_, m.decoder, at_place(dropout, 1));
    m.encoder.dx = m.decoder.d_memory;
    stack_backward(*encoder_, m.encoder, at_place(dropout, 0));
    return loss;
}

Loss T5Trainer::loss(const Batch& batch) {
    forward(batch, {});
    return end(batch, 0.0);
}

Tensor2 T5Trainer::logits(const Batch& batch) {
    forward(batch, {});
    return memory_->logits;
}

}  // namespace vitrine::train
