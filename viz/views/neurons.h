// The view of the neurons of a feed-forward network: which fire, the curve that decides it, and
// what the chosen one pushes.
#pragma once

#include "viz/app/view.h"

namespace vitrine::viz {

void draw_neurons(ViewContext& context);

}  // namespace vitrine::viz
