// A rectangular batch with an attention mask, as transformers passes it, on a packed model.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/language_model.h"

namespace vitrine {

/// The visible positions of one row of a padded batch.
struct PaddedRow {
    std::vector<int> ids;        // the visible ones, in order
    std::vector<Index> columns;  // where each stood in the row
};

/// Takes the hidden positions out, so that a padded row is the same sequence as an unpadded one:
/// its visible positions are numbered 0, 1, 2 ...
/// @param ids   [B, T]
/// @param mask  [B, T], 0 hides; empty: nothing is hidden
/// @throws ArgumentError  if the sizes disagree or an id does not fit an int
std::vector<PaddedRow> unpad(std::span<const std::int64_t> ids, std::span<const std::int64_t> mask,
                             Index B, Index T);

/// Puts rows of a visible sequence back where they stood; the others are zeros.
/// @param values   [visible, width]
/// @param T        width of the padded batch
/// @return         [T, width]
Tensor2 scatter_rows(Ref2 values, const PaddedRow& row, Index T);

/// Logits [T, V] of every row of a padded batch; zeros where the mask hides.
std::vector<Tensor2> forward_padded(const LanguageModel& model, std::span<const PaddedRow> rows,
                                    Index T, const Parts& parts = fast_parts());

}  // namespace vitrine
