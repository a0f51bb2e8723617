#pragma once

#include "nn/parts.h"

namespace vitrine::chapters {

/// Each head's columns as a matrix of its own: [T, H D] -> [H, T, D].
/// @throws ShapeError if H does not divide the width
Tensor3 split_heads(Ref2 x, Index H);

/// The heads side by side again: [H, T, D] -> [T, H D].
Tensor2 join_heads(Ref3 z);

/// Each key (or value) head once for every query head that reads it: [K, S, D] -> [H, S, D]; query
/// head h reads head h / (H / K).
/// @throws ShapeError if K does not divide H
Tensor3 grouped(Ref3 heads, Index H);

/// Project, split, attend, join, project, for one sequence; as lib/nn/multi_head_attention.h.
Tensor2 multi_head_attention(const Parts& parts, Ref2 x, Ref2 source, const Bias& bias,
                             const AttentionWeights& weights, KeyValues* past = nullptr,
                             Record* record = nullptr);

}  // namespace vitrine::chapters
