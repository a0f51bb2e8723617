// The text as a line of decisions: how likely each token was, what else could have come, and what
// the cache held.
#pragma once

#include "viz/app/view.h"

namespace vitrine::viz {

void draw_timeline(ViewContext& context);

}  // namespace vitrine::viz
