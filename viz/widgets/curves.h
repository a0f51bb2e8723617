// Curves over whole numbers: a position, a distance. One focus stop: left and right move along
// them, Enter chooses.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "tensor/tensor.h"
#include "viz/app/theme.h"

namespace vitrine::viz {

struct Curve {
    std::span<const Real> values;  // at first, first + 1, ...; NaN leaves a gap
    ImU32 colour = 0;
    std::string name;    // in the legend; empty: not there
    float width = 0.4F;  // in units
};

struct CurvesInput {
    const char* id = "curves";
    std::span<const Curve> curves;
    Index count = 0;                // points along the axis; 0: as many as the first curve has
    Index first = 0;                // the number that values[0] belongs to
    Index stride = 1;               // the axis shows the numbers times this
    float low = 0.0F, high = 1.0F;  // of the axis upwards
    const char* x_title = "";
    const char* y_title = "";
    bool steps = false;  // values hold until the next one
    Index chosen = -1;   // index with an upright line; -1: none
    ImVec2 size;         // of everything
};

struct CurvesState {
    Index key = -1;  // the keyboard's
    bool by_keyboard = false;
    ImVec2 low, high;  // of the plot on the screen, in the last frame
};

struct CurvesAnswer {
    Index seen = -1;     // index under the pointer, or the keyboard's
    Index clicked = -1;  // or Enter
    bool by_keyboard = false;
    ImVec2 anchor;  // where a card may stand
};

CurvesAnswer draw_curves(const Theme& theme, const CurvesInput& input, CurvesState& state);

/// A card about what is seen, at the pointer or beside the keyboard's place; end_card() closes it.
void begin_curve_card(const Theme& theme, const CurvesAnswer& answer);

/// Steps for the numbers along an axis: 1, 2 or 5 times a power of ten, at most `most` of them.
double tick_step(double span, int most);

}  // namespace vitrine::viz
