// What comes next: the likeliest tokens at a position, and how sampling cuts and bends them.
#pragma once

#include "viz/app/view.h"

namespace vitrine::viz {

void draw_next(ViewContext& context);

}  // namespace vitrine::viz
