// The text as the model receives it: chips, counts, a second tokenizer, the merges one by one.
#pragma once

#include "viz/app/view.h"

namespace vitrine::viz {

void draw_tokens(ViewContext& context);

}  // namespace vitrine::viz
