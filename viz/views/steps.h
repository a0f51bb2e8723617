// Attention step by step: how one cell of a pattern comes about, and what it does.
#pragma once

#include "viz/app/view.h"

namespace vitrine::viz {

void draw_attention_steps(ViewContext& context);

}  // namespace vitrine::viz
