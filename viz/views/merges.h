#pragma once

#include "viz/app/view.h"

namespace vitrine::viz {

/// Byte pair encoding trained on the text in the box, merge by merge; and what one sentence costs
/// under three tokenizers in English and in Korean.
void draw_merges(ViewContext& context);

}  // namespace vitrine::viz
