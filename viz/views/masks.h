// The view of the three architectures: which token may see which, before any weight is asked.
#pragma once

#include "viz/app/view.h"

namespace vitrine::viz {

void draw_masks(ViewContext& context);

}  // namespace vitrine::viz
