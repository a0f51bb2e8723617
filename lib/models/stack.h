// What all models that read a whole sequence at once have in common: inputs with a mask, and blocks
// one after the other.
#pragma once

#include <span>
#include <stop_token>
#include <vector>

#include "nn/parts.h"

namespace vitrine {

/// One text for a model that reads all of it at once.
struct TokenInput {
    std::span<const int> ids;         // [T], at least one
    std::span<const int> type_ids{};  // [T], 1 for the second text of a pair; empty: all 0
    std::span<const int> mask{};      // [T], 0 hides a position from all; empty: all are visible
    Record* record = nullptr;         // takes this text's activations; null: nothing is kept
};

/// @throws ArgumentError  no ids, more than `positions`, or a mask of another length
void check_input(const TokenInput& input, Index positions);

/// [T, S] with minus infinity where the mask hides a key; no numbers if it hides none.
/// @param mask  [S] or empty
Tensor2 mask_bias(std::span<const int> mask, Index T);

/// A bias as parts take it: none if it has no numbers. It looks at `numbers`.
inline Bias bias_or_none(const Tensor2& numbers) {
    return numbers.size() == 0 ? Bias() : Bias(numbers);
}

/// One sequence through blocks, all with the same bias.
/// @param x       [T, C]
/// @param record  takes what the blocks hand over, under "blocks.0.", "blocks.1." ...
/// @return        [T, C], before any last norm
/// @throws Stopped  when asked to stop, which is looked at before every layer
Tensor2 run_blocks(const Parts& parts, Tensor2 x, const Bias& bias,
                   const std::vector<BlockWeights>& blocks, Record* record,
                   const std::stop_token& stop);

/// tanh of every number, in place.
void apply_tanh(Tensor1& x);

}  // namespace vitrine
