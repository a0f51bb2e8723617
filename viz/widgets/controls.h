// Small controls in the app's look: a row of choices, buttons that wrap, a slider with its caption.
#pragma once

#include <span>

#include "viz/app/theme.h"

namespace vitrine::viz {

/// Joined buttons of which one is chosen. True when another was chosen.
bool segmented(const Theme& theme, const char* id, std::span<const char* const> choices,
               int& chosen);

/// The next item goes on this line if `width` more pixels fit, otherwise on the next.
void same_line_if_fits(const Theme& theme, float width);
float button_width(const char* label);

/// A quiet button; `strong` for the one main action of a view.
bool action_button(const Theme& theme, const char* label, bool strong = false, bool enabled = true);

/// A caption at the left and a value at the right, over a control of that width.
void caption_line(const Theme& theme, const char* caption, const char* value, float width);

/// A caption above a slider of the width that is given. True while the value changes.
bool captioned_slider(const Theme& theme, const char* id, const char* caption, float& value,
                      float low, float high, const char* format, float width);
bool captioned_slider(const Theme& theme, const char* id, const char* caption, int& value, int low,
                      int high, const char* format, float width);

/// A rounded frame behind what is drawn between the two calls, `width` wide.
void begin_panel(const Theme& theme, const char* id, ImVec2 size);
void end_panel();

}  // namespace vitrine::viz
