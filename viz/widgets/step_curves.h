// Curves over the steps of a training run, of which each point stands for several.
#pragma once

#include "viz/widgets/curves.h"

namespace vitrine::viz {

/// draw_curves() with an axis that shows input.first + i, times `stride`; values that are NaN leave
/// a gap.
CurvesAnswer draw_step_curves(const Theme& theme, const CurvesInput& input, CurvesState& state,
                              Index stride);

}  // namespace vitrine::viz
