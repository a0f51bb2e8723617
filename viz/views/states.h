// What a view shows while there is nothing to show: no text yet, a model at work, an error.
#pragma once

#include "viz/app/view.h"

namespace vitrine::viz {

/// Draws the empty, loading or error state. False if there is a run to draw.
bool draw_without_run(ViewContext& context);

/// Of a view that needs a model which writes on: says what this one does instead. False if it does
/// write on.
bool draw_without_language(ViewContext& context);

/// Of a view about attention: says that a state-space model has none and where its state is shown.
/// False if the model is another.
bool draw_without_attention(ViewContext& context);

/// Centred in what is left of the view: a title, a sentence and a button. True if it was pressed.
bool draw_offer(const Theme& theme, const char* title, const char* sentence, const char* button);

/// Of a view of the learner's picture, for a run that has none: what to do, or why it could not be
/// read.
void draw_without_picture(ViewContext& context);

/// A framed line that nobody should miss: what the numbers of this view are not. Wraps at `width`.
void draw_banner(const Theme& theme, const char* says, float width);

}  // namespace vitrine::viz
