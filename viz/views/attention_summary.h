// What the attention view shows of all heads at once: computed by the worker, once for a run.
#pragma once

#include <memory>
#include <vector>

#include "viz/app/run.h"

namespace vitrine::viz {

/// A map [rows, columns], row-major; row = query, column = key.
struct AttentionMap {
    Index rows = 0, columns = 0;
    std::vector<Real> values;
    Real at(Index query, Index key) const {
        return values[static_cast<std::size_t>(query * columns + key)];
    }
};

struct AttentionSummary {
    Index layers = 0;
    Index heads = 0;
    std::vector<AttentionMap> layer_averages;  // [L], [T, S]: mean over the heads
    AttentionMap average;                      // [T, S]: mean over all layers and heads
    // Pooled to at most `thumbnail_size`: the heads of a layer, then their average; [L * (H + 1)].
    std::vector<AttentionMap> thumbnails;
    AttentionMap average_thumbnail;
};

inline constexpr Index thumbnail_size = 48;

/// [T, S] to at most [size, size] by the mean of the area under each cell; an edge that is no
/// longer stays as it is. The mean over the whole map stays what it was.
AttentionMap pool(const Real* pattern, Index T, Index S, Index size);

/// The summary of the patterns of a stack; null if the run kept none.
std::shared_ptr<const AttentionSummary> summarise_attention(const ActivationCache& activations,
                                                            const AttentionStack& stack);

/// The same, a layer at a time as they are made: nothing of their size is kept.
class AttentionSumming {
   public:
    /// @param pattern  [H, T, S], of the next layer; the same shape for each
    void add(const Real* pattern, Index H, Index T, Index S);
    /// Null if there were none.
    std::shared_ptr<const AttentionSummary> finish();

   private:
    std::shared_ptr<AttentionSummary> summary_ = std::make_shared<AttentionSummary>();
    std::vector<double> all_;
};

/// Fills run.stacks; summaries that are there stay.
void find_attention(Run& run);

}  // namespace vitrine::viz
