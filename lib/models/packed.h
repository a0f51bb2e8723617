// A batch of sequences laid one behind the other: one product of each weight for all of them.
#pragma once

#include "models/language_model.h"

namespace vitrine {

/// The rows of a packed batch: which belong to which sequence, and at which positions they stand.
struct Packed {
    std::vector<int> ids;
    std::vector<int> positions;
    std::vector<Segment> segments;
};

Packed pack(std::span<const Sequence> batch);

/// @throws ArgumentError  for one state twice: each row would see the other's positions
void check_states_differ(std::span<const Sequence> batch);

/// @throws ArgumentError  for a state of another model: it has `got` layers
void check_state_layers(std::size_t got, Index layers);

/// The last row of every segment: x [N, C] -> [B, C].
Tensor2 last_rows(const Tensor2& x, Segments segments);

/// What belongs to each sequence: the rows of its segment, or its one row.
/// @param logits  [N, V] or, of the last positions, [B, V]
std::vector<Tensor2> unpack(Tensor2 logits, Segments segments, Logits which);

}  // namespace vitrine
