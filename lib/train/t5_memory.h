// What T5's passes keep of a batch.
#pragma once

#include <vector>

#include "train/passes.h"
#include "train/t5_trainer.h"

namespace vitrine::train {

/// Numbers of one block's parameters. Queries, keys and values lie one behind the other, so that
/// they are one map of [3 H D, C]; of the cross-attention keys and values.
struct T5Trainer::Block {
    std::size_t ln_1, qkv, out;
    std::size_t ln_cross, cross_q, cross_kv, cross_out;  // of the decoder
    std::size_t ln_2, in, gate, down;                    // gate: of a gated feed-forward
};

struct T5Trainer::Stack {
    bool decoder = false;
    std::size_t distances = 0;  // [buckets, H], shared by all blocks
    std::size_t final_norm = 0;
    std::vector<Block> blocks;
};

/// What a block keeps for its backward pass. N = B T rows, M = B S of the source.
struct T5Trainer::BlockMemory {
    Tensor2 x, ln_1, qkv, z;                   // [N, C], [N, C], [N, 3 H D], [N, H D]
    Tensor2 mid;                               // x + attention: [N, C]
    Tensor2 ln_cross, q, kv, z_cross;          // [N, C], [N, H D], [M, 2 H D], [N, H D]
    Tensor2 crossed;                           // mid + cross-attention: [N, C]
    Tensor2 ln_2, pre, gate, post;             // [N, C], [N, F] three times
    std::vector<Real> pattern, cross_pattern;  // [B, H, T, T], [B, H, T, S]

    /// What the feed-forward reads.
    const Tensor2& before_feed() const { return crossed.size() != 0 ? crossed : mid; }
};

struct T5Trainer::StackMemory {
    bool decoder = false;
    Index B = 0, T = 0, S = 0, N = 0;     // S: of the source that a decoder looks at
    std::vector<int> ids, mask;           // [N]; mask of its own keys, empty: all are visible
    const StackMemory* source = nullptr;  // what a decoder looks at
    std::vector<BlockMemory> blocks;
    Tensor3 bias;                                          // [H, T, T]
    Tensor2 last, normed;                                  // [N, C]
    Tensor2 dx, dy, d_narrow, d_qkv, d_wide, d_gate, d_z;  // gradients on their way
    Tensor2 d_q, d_kv, d_source, d_memory;  // of the cross-attention; d_memory: of all blocks
    std::vector<Real> d_scores;             // [B, H, T, T]
    Tensor3 d_bias;                         // [H, T, T], of all blocks
};

struct T5Trainer::Memory {
    StackMemory encoder, decoder;
    Tensor2 scaled, logits;  // [N, C], [N, V]
};

}  // namespace vitrine::train
