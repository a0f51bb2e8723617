#pragma once

#include "viz/app/view.h"

namespace vitrine::viz {

/// Trains a model on a text of the learner's: its curves and layers while it learns, and what it
/// makes of one sentence at each of its checkpoints.
void draw_training(ViewContext& context);

}  // namespace vitrine::viz
