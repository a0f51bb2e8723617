// The passes of BERT through a batch, forwards and backwards.
#include <algorithm>
#include <cmath>

#include "kernels/matmul.h"
#include "train/bert_memory.h"
#include "train/dropout.h"

namespace vitrine::train {

namespace {

/// Where numbers are dropped in a block; the embedding is place 0 of the model.
struct Places {
    explicit Places(Index l) : attention(static_cast<std::uint64_t>(1 + 3 * l)) {}
    std::uint64_t attention, attn_out = attention + 1, mlp_out = attention + 2;
};

/// to[i] = from[rows[i]].
void take_rows(const Tensor2& from, const std::vector<Index>& rows, Tensor2& to) {
    const auto C = static_cast<Index>(from.shape()[1]);
    for (std::size_t i = 0; i < rows.size(); ++i)
        std::copy_n(from.data() + rows[i] * C, C, to.data() + static_cast<Index>(i) * C);
}

/// to[rows[i]] += from[i].
void give_rows(const Tensor2& from, const std::vector<Index>& rows, Tensor2& to) {
    const auto C = static_cast<Index>(from.shape()[1]);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Real* row = from.data() + static_cast<Index>(i) * C;
        Real* sum = to.data() + rows[i] * C;
        for (Index c = 0; c < C; ++c) sum[c] += row[c];
    }
}

std::vector<Index> first_rows(Index B, Index T) {
    std::vector<Index> rows;
    for (Index b = 0; b < B; ++b) rows.push_back(b * T);
    return rows;
}

}  // namespace

AttentionShape BertTrainer::attention(const Batch& batch) const {
    const Index H = sizes_.heads, D = sizes_.width / H, T = batch.T;
    return {memory_->B, T, T, H, D, 1 / std::sqrt(static_cast<Real>(D)), false, batch.mask};
}

NormWeights BertTrainer::norm(const Map& map) {
    return layer_norm_of(parameters_, map.weight, map.bias, sizes_.epsilon);
}

void BertTrainer::linear_of(const Tensor2& x, const Map& map, Tensor2& y) {
    linear(x, parameters_.value(map.weight), true, parameters_.value(map.bias), y);
}

void BertTrainer::backward_of(const Tensor2& dy, const Tensor2& x, const Map& map, Tensor2& dx) {
    const Parameters::Sum sum = parameters_.sum(map.weight);
    linear_backward(dy, x, parameters_.value(map.weight), true, dx.data(), sum.to,
                    parameters_.grad(map.bias), sum.adds);
}

/// @param dx  the gradient behind the norm; becomes the one in front of it
void BertTrainer::norm_backward_of(const Tensor2& x, const Map& map, Tensor2& dx) {
    layer_norm_backward(dx, x, norm(map), dx.data(), parameters_.grad(map.weight),
                        parameters_.grad(map.bias));
}

void BertTrainer::block_forward(Index l, const Batch& batch, const Dropout& dropout) {
    Memory& m = *memory_;
    BertBlockMemory& b = m.blocks[static_cast<std::size_t>(l)];
    const Block& p = blocks_[static_cast<std::size_t>(l)];
    const Index C = sizes_.width;
    linear_of(b.x, p.qkv, b.qkv);
    attend(attention(batch), side_by_side<const Real>(b.qkv.data(), C), b.pattern.data(), b.z,
           at_place(dropout, Places(l).attention));
    linear_of(b.z, p.out, b.attended);
    drop(all(b.attended), at_place(dropout, Places(l).attn_out));
    add(b.x, b.attended);
    norm_rows(b.attended, norm(p.ln_1), b.mid);
    linear_of(b.mid, p.in, b.pre);
    activate(b.pre, sizes_.activation, b.post);
    linear_of(b.post, p.down, b.fed);
    drop(all(b.fed), at_place(dropout, Places(l).mlp_out));
    add(b.mid, b.fed);
    Tensor2& next = l + 1 < sizes_.layers ? m.blocks[static_cast<std::size_t>(l) + 1].x : m.last;
    norm_rows(b.fed, norm(p.ln_2), next);
}

void BertTrainer::heads_forward() {
    Memory& m = *memory_;
    if (!m.chosen.empty()) {
        take_rows(m.last, m.chosen, m.taken);
        linear_of(m.taken, transform_, m.dense);
        activate(m.dense, sizes_.activation, m.active);
        norm_rows(m.active, norm(transform_norm_), m.normed);
        linear(m.normed, parameters_.value(tokens_), true, parameters_.value(word_bias_), m.logits);
    }
    take_rows(m.last, first_rows(m.B, m.T), m.first);
    linear_of(m.first, pooler_, m.pooled);
    for (Real& value : m.pooled) value = std::tanh(value);
    linear_of(m.pooled, next_map_, m.next);
}

void BertTrainer::forward(const Batch& batch, const Dropout& dropout) {
    check(batch);
    prepare(batch);
    prepare_heads(batch);
    Memory& m = *memory_;
    const Lookup lookups[] = {{m.ids, parameters_.value(tokens_)},
                              {m.places, parameters_.value(positions_)},
                              {m.types, parameters_.value(types_)}};
    embed_rows(lookups, m.embedded);
    Tensor2& x = m.blocks.empty() ? m.last : m.blocks.front().x;
    norm_rows(m.embedded, norm(norm_), x);
    drop(all(x), at_place(dropout, 0));
    for (Index l = 0; l < sizes_.layers; ++l) block_forward(l, batch, dropout);
    heads_forward();
}

Loss BertTrainer::end(const Batch& batch, double scale) {
    Memory& m = *memory_;
    const auto M = static_cast<Index>(m.chosen.size());
    words_ = cross_entropy_backward(m.logits.data(), M, sizes_.vocabulary, m.words, scale);
    next_sentence_ = {};
    if (!batch.follows.empty()) {
        next_sentence_ = cross_entropy_backward(m.next.data(), m.B, 2, batch.follows, scale);
    }
    if (words_.count == 0) return next_sentence_;
    return {words_.sum + next_sentence_.mean() * static_cast<double>(words_.count), words_.count};
}

/// Adds to m.dx.
void BertTrainer::words_backward() {
    Memory& m = *memory_;
    if (m.chosen.empty()) return;
    const Parameters::Sum sum = parameters_.sum(tokens_);
    linear_backward(m.logits, m.normed, parameters_.value(tokens_), true, m.d_words.data(), sum.to,
                    parameters_.grad(word_bias_), sum.adds);
    norm_backward_of(m.active, transform_norm_, m.d_words);
    activation_backward(all(m.d_words), all(m.dense), sizes_.activation, m.d_words.data());
    backward_of(m.d_words, m.taken, transform_, m.d_dense);
    give_rows(m.d_dense, m.chosen, m.dx);
}

/// Adds to m.dx.
void BertTrainer::next_sentence_backward() {
    Memory& m = *memory_;
    backward_of(m.next, m.pooled, next_map_, m.d_pooled);
    tanh_backward(all(m.d_pooled), all(m.pooled), m.d_pooled.data());
    backward_of(m.d_pooled, m.first, pooler_, m.d_first);
    give_rows(m.d_first, first_rows(m.B, m.T), m.dx);
}

void BertTrainer::block_backward(Index l, const Batch& batch, const Dropout& dropout) {
    Memory& m = *memory_;
    BertBlockMemory& b = m.blocks[static_cast<std::size_t>(l)];
    const Block& p = blocks_[static_cast<std::size_t>(l)];
    const Index C = sizes_.width;
    // m.dx is the gradient behind the block; in front of a norm it goes into the branch and past
    // it.
    norm_backward_of(b.fed, p.ln_2, m.dx);
    backward_of(into_branch(m.dx, m.dy, at_place(dropout, Places(l).mlp_out)), b.post, p.down,
                m.d_wide);
    activation_backward(all(m.d_wide), all(b.pre), sizes_.activation, m.d_wide.data());
    backward_of(m.d_wide, b.mid, p.in, m.dy);
    add(m.dy, m.dx);
    norm_backward_of(b.attended, p.ln_1, m.dx);
    backward_of(into_branch(m.dx, m.dy, at_place(dropout, Places(l).attn_out)), b.z, p.out,
                m.d_narrow);
    attend_backward(attention(batch), m.d_narrow, side_by_side<const Real>(b.qkv.data(), C),
                    b.pattern.data(), side_by_side(m.d_qkv.data(), C), nullptr,
                    at_place(dropout, Places(l).attention));
    backward_of(m.d_qkv, b.x, p.qkv, m.dy);
    add(m.dy, m.dx);
}

Loss BertTrainer::gradients(const Batch& batch, double scale, Dropout dropout) {
    forward(batch, dropout);
    const Loss loss = end(batch, scale);
    Memory& m = *memory_;
    m.dx.fill(0);
    words_backward();
    if (!batch.follows.empty()) next_sentence_backward();
    for (Index l = sizes_.layers; l-- > 0;) block_backward(l, batch, dropout);
    drop(all(m.dx), at_place(dropout, 0));
    norm_backward_of(m.embedded, norm_, m.dx);
    embed_backward(m.dx, m.ids, parameters_.grad(tokens_));
    embed_backward(m.dx, m.places, parameters_.grad(positions_));
    embed_backward(m.dx, m.types, parameters_.grad(types_));
    return loss;
}

Loss BertTrainer::loss(const Batch& batch) {
    forward(batch, {});
    return end(batch, 0.0);
}

BertTrainer::Logits BertTrainer::logits(const Batch& batch) {
    forward(batch, {});
    return {memory_->logits, memory_->next};
}

}  // namespace vitrine::train
