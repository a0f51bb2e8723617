// Maps that take longer than a frame: of a head that was not kept, or too large to paint at once.
#pragma once

#include <memory>
#include <vector>

#include "viz/views/attention_parts.h"

namespace vitrine::viz {

/// Up to here a map is painted in the frame that asks for it: 256 tokens.
inline constexpr Index most_cells_at_once = Index{1} << 16;

/// The weights and scores of one head, computed again from its queries and keys.
struct HeadAgain {
    std::vector<Real> weights, scores;  // [T, S]
};
/// @throws Error  if the run did not keep queries and keys
HeadAgain head_again(const Run& run, const AttentionStack& stack, Index layer, Index head);

struct LargeMap {
    HeadAgain again;  // empty if the run has the weights
    ChosenMap map;    // looks at `again` or into the run
    Image picture;
};
/// @param run  stays, as `stack` and the map are parts of it
std::shared_ptr<const LargeMap> large_map(const Run& run, const AttentionStack& stack, Index layer,
                                          Index head, const ColourScale& scale, const Theme& theme);

/// All heads and averages side by side: a row a layer.
Image thumbnails_of(const AttentionStack& stack, ColourScale scale, const Theme& theme);

}  // namespace vitrine::viz
