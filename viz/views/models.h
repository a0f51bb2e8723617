#pragma once

#include "viz/app/view.h"

namespace vitrine::viz {

/// Every model that can be chosen: bundled, in the cache, and some of the hub, which it downloads.
void draw_models(ViewContext& context);

}  // namespace vitrine::viz
