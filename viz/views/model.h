// The whole model on one screen, from the text to the next token, with what each layer would say.
#pragma once

#include "viz/app/view.h"

namespace vitrine::viz {

void draw_model(ViewContext& context);

}  // namespace vitrine::viz
