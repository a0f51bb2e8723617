// What the attention view shows of all heads at once: computed by the worker, once for a run.
#pragma once

#include <memory>
#include <vector>

#include "viz/app/run.h"

namespace vitrine::viz {

/// A square map [size, size], row-major; row = query, column = key.
struct AttentionMap {
    Index size = 0;
    std::vector<Real> values;
    Real at(Index query, Index key) const {
        return values[static_cast<std::size_t>(query * size + key)];
    }
};

struct AttentionSummary {
    Index layers = 0;
    Index heads = 0;
    std::vector<AttentionMap> layer_averages;  // [L], [T, T]: mean over the heads
    AttentionMap average;                      // [T, T]: mean over all layers and heads
    // Pooled to at most `thumbnail_size`: the heads of a layer, then their average; [L * (H + 1)].
    std::vector<AttentionMap> thumbnails;
    AttentionMap average_thumbnail;
};

inline constexpr Index thumbnail_size = 48;

/// [T, T] to [size, size] by the mean of the area under each cell; unchanged where T <= size.
/// The mean over the whole map stays what it was.
AttentionMap pool(const Real* pattern, Index T, Index size);

/// The summary of a run's "blocks.*.attn.pattern"; null if the run has none.
std::shared_ptr<const AttentionSummary> summarise_attention(const Run& run);

}  // namespace vitrine::viz
