// What the vision tower of a run looks at, patch by patch. Pure.
#pragma once

#include <vector>

#include "viz/app/run.h"

namespace vitrine::viz {

/// The attention of the vision tower; null if the run has no picture.
const AttentionStack* picture_stack(const Run& run);

/// The attention of one position of the vision tower.
struct PatchWeights {
    std::vector<Real> patches;  // row by row; empty: it was not kept
    Real to_class = 0;          // what it takes from the class embedding

    /// The patch that gets most.
    Index strongest() const;
};

/// @param layer  -1: average over all layers and heads
/// @param head   -1: average over the heads of the layer
/// @param from   0: the class embedding; 1 + p: patch p
PatchWeights patch_weights(const Run& run, Index layer, Index head, Index from);

}  // namespace vitrine::viz
