// Beam search as a tree.
#pragma once

#include "viz/app/view.h"

namespace vitrine::viz {

void draw_beams(ViewContext& context);

}  // namespace vitrine::viz
