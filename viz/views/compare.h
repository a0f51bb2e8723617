// The comparison of the chosen parts with the library's, number for number.
#pragma once

#include "viz/app/view.h"

namespace vitrine::viz {

void draw_compare(ViewContext& context);

}  // namespace vitrine::viz
