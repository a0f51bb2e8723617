// The view of the vectors inside a block: the residual stream, what the norms hand on, what each
// branch adds, the neurons of the feed-forward network.
#pragma once

#include "viz/app/view.h"

namespace vitrine::viz {

void draw_activations(ViewContext& context);

}  // namespace vitrine::viz
