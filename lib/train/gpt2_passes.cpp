// The passes of GPT-2 through a batch, forwards and backwards.
#include <algorithm>
#include <cmath>

#include "kernels/matmul.h"
#include "train/dropout.h"
#include "train/gpt2_memory.h"
#include "train/passes.h"

namespace vitrine::train {

namespace {

/// Where numbers are dropped in a block; the stream's begin is place 0 of the model.
struct Places {
    explicit Places(Index l) : attention(static_cast<std::uint64_t>(1 + 3 * l)) {}
    std::uint64_t attention, attn_out = attention + 1, mlp_out = attention + 2;
};

}  // namespace

AttentionShape GPT2Trainer::attention() const {
    const Index H = sizes_.heads, D = sizes_.width / H;
    return {memory_->B, memory_->T, memory_->T, H, D, 1 / std::sqrt(static_cast<Real>(D))};
}

void GPT2Trainer::block_forward(Index l, const Dropout& dropout) {
    Memory& m = *memory_;
    BlockMemory& b = m.blocks[static_cast<std::size_t>(l)];
    const Block& p = blocks_[static_cast<std::size_t>(l)];
    const Index C = sizes_.width;
    const auto forward = [&](const Tensor2& x, std::size_t weight, std::size_t bias, Tensor2& y) {
        linear(x, parameters_.value(weight), false, parameters_.value(bias), y);
    };
    norm_rows(b.x, norm(p.ln_1_gain, p.ln_1_bias), b.ln_1);
    forward(b.ln_1, p.qkv, p.qkv_bias, b.qkv);
    attend(attention(), side_by_side<const Real>(b.qkv.data(), C), b.pattern.data(), b.z,
           at_place(dropout, Places(l).attention));
    forward(b.z, p.out, p.out_bias, b.mid);
    drop(all(b.mid), at_place(dropout, Places(l).attn_out));
    add(b.x, b.mid);
    norm_rows(b.mid, norm(p.ln_2_gain, p.ln_2_bias), b.ln_2);
    forward(b.ln_2, p.in, p.in_bias, b.pre);
    activate(b.pre, sizes_.activation, b.post);
    Tensor2& next = l + 1 < sizes_.layers ? m.blocks[static_cast<std::size_t>(l) + 1].x : m.last;
    forward(b.post, p.down, p.down_bias, next);
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
    const Lookup lookups[] = {{m.ids, wte}, {m.places, wpe}};
    embed_rows(lookups, x);
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
    const Index C = sizes_.width;
    const auto backward = [&](const Tensor2& dy, const Tensor2& x, std::size_t weight,
                              std::size_t bias, Tensor2& dx) {
        const Parameters::Sum sum = parameters_.sum(weight);
        linear_backward(dy, x, parameters_.value(weight), false, dx.data(), sum.to,
                        parameters_.grad(bias), sum.adds);
    };
    // m.dx is the gradient of the stream behind the block; it goes on past each branch.
    backward(into_branch(m.dx, m.dy, at_place(dropout, Places(l).mlp_out)), b.post, p.down,
             p.down_bias, m.d_wide);
    activation_backward({m.d_wide.data(), m.d_wide.size()}, {b.pre.data(), b.pre.size()},
                        sizes_.activation, m.d_wide.data());
    backward(m.d_wide, b.ln_2, p.in, p.in_bias, m.dy);
    layer_norm_backward(m.dy, b.mid, norm(p.ln_2_gain, p.ln_2_bias), m.dy.data(),
                        parameters_.grad(p.ln_2_gain), parameters_.grad(p.ln_2_bias));
    add(m.dy, m.dx);
    backward(into_branch(m.dx, m.dy, at_place(dropout, Places(l).attn_out)), b.z, p.out, p.out_bias,
             m.d_narrow);
    attend_backward(attention(), m.d_narrow, side_by_side<const Real>(b.qkv.data(), C),
                    b.pattern.data(), side_by_side(m.d_qkv.data(), C), nullptr,
                    at_place(dropout, Places(l).attention));
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
    const Parameters::Sum sum = parameters_.sum(wte_);
    linear_backward(m.logits, m.normed, parameters_.value(wte_), true, m.dy.data(), sum.to, nullptr,
                    sum.adds);
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
