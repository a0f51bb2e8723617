// What BERT's passes keep of a batch.
#pragma once

#include <vector>

#include "train/bert_trainer.h"
#include "train/passes.h"

namespace vitrine::train {

/// Numbers of one block's parameters. Queries, keys and values lie one behind the other, so that
/// they are one map of [3C, C].
struct BertTrainer::Block {
    Map qkv, out, ln_1, in, down, ln_2;
};

/// What a block keeps for its backward pass. N = B T rows.
struct BertBlockMemory {
    Tensor2 x, qkv, z;          // [N, C], [N, 3C], [N, C]
    Tensor2 attended, mid;      // x + attention, before and after its norm: [N, C]
    Tensor2 pre, post, fed;     // [N, F], [N, F]; mid + feed-forward, before its norm: [N, C]
    std::vector<Real> pattern;  // [B, H, T, T]
};

struct BertTrainer::Memory {
    Index B = 0, T = 0, N = 0;
    std::vector<int> ids, places, types;  // [N]
    std::vector<BertBlockMemory> blocks;
    Tensor2 embedded, last;  // the sum of the tables, before its norm; behind the blocks: [N, C]

    std::vector<Index> chosen;                     // the M rows whose words are asked for
    std::vector<int> words;                        // [M], what they are
    Tensor2 taken, dense, active, normed, logits;  // [M, C] four times, [M, V]
    Tensor2 first, pooled, next;                   // [B, C], [B, C], [B, 2]
    Tensor2 dx, dy, d_qkv, d_wide, d_narrow;       // gradients on their way
    Tensor2 d_words, d_dense, d_pooled, d_first;   // of the heads
};

}  // namespace vitrine::train
