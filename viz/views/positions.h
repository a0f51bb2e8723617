// The view of four ways to tell a model where a token stands: sines and cosines, turned queries and
// keys, learned rows, and additions to the scores.
#pragma once

#include "viz/app/view.h"

namespace vitrine::viz {

void draw_positions(ViewContext& context);

}  // namespace vitrine::viz
