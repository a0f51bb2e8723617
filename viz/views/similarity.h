// View: how alike the lines of the text are, or its tokens: cosines as a heatmap.
#pragma once

#include "viz/app/view.h"

namespace vitrine::viz {

void draw_similarity(ViewContext& context);

}  // namespace vitrine::viz
