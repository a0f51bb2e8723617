// What GPT-2's passes keep of a batch.
#pragma once

#include <vector>

#include "train/gpt2_trainer.h"
#include "train/passes.h"

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
    std::vector<int> ids, places;  // [N]: tokens and their positions
    std::vector<BlockMemory> blocks;
    Tensor2 last, normed, logits;             // [N, C], [N, C], [N, V]
    Tensor2 dx, dy, d_qkv, d_wide, d_narrow;  // gradients on their way
};

}  // namespace vitrine::train
