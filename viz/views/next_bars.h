// The bars of the next-token view, for other views too.
#pragma once

#include "viz/views/next_parts.h"

namespace vitrine::viz {

/// Makes the distribution again if the run, the position or a slider changed.
/// @param listed  how many of the likeliest tokens to list
void refresh_next(ViewContext& context, NextMemory& memory, Index listed);
/// The likeliest tokens; a click appends one to the text.
void draw_next_bars(ViewContext& context, NextMemory& memory, float width, float height);

}  // namespace vitrine::viz
