// View: a picture as CLIP sees it, with the attention that lies on its patches, and how well each
// caption fits.
#pragma once

#include "viz/app/view.h"

namespace vitrine::viz {

void draw_pictures(ViewContext& context);

}  // namespace vitrine::viz
