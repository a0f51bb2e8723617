// The view of the residual stream: how it grows, what each branch adds to it, what the norms make
// of it, and what would become of it if they stood elsewhere.
#pragma once

#include "viz/app/view.h"

namespace vitrine::viz {

void draw_residual(ViewContext& context);

}  // namespace vitrine::viz
