#pragma once

#include "viz/app/view.h"

namespace vitrine::viz {

/// The gradient check of chapter 10: the learner's gradient of every parameter of a small model,
/// and below it that model learning by the learner's functions beside the library's.
void draw_gradients(ViewContext& context);

}  // namespace vitrine::viz
