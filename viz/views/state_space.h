// View: Mamba's memory. A state of fixed size goes from token to token in place of attention; how
// it moves, and what of each token is left in it.
#pragma once

#include "viz/app/view.h"

namespace vitrine::viz {

void draw_state_space(ViewContext& context);

}  // namespace vitrine::viz
