// Who looks at whom: every head as a thumbnail, the chosen one large, as a heatmap or as lines.
#pragma once

#include "viz/app/view.h"

namespace vitrine::viz {

void draw_attention(ViewContext& context);

}  // namespace vitrine::viz
