// What a view shows while there is nothing to show: no text yet, a model at work, an error.
#pragma once

#include "viz/app/view.h"

namespace vitrine::viz {

/// Draws the empty, loading or error state. False if there is a run to draw.
bool draw_without_run(ViewContext& context);

/// Of a view that needs a model which writes on: says that this one reads whole texts only. False
/// if it does write.
bool draw_without_language(ViewContext& context);

/// A framed line that nobody should miss: what the numbers of this view are not. Wraps at `width`.
void draw_banner(const Theme& theme, const char* says, float width);

}  // namespace vitrine::viz
