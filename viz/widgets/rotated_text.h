// Text at an angle, for the labels of columns that are too narrow for a word.
#pragma once

#include <string_view>

#include "viz/app/theme.h"

namespace vitrine::viz {

/// Draws `text` from `start` on (the left end of its middle line), turned by `angle` radians
/// (negative: rising to the right).
void draw_rotated_text(ImDrawList* list, ImFont* font, ImVec2 start, float angle, ImU32 colour,
                       std::string_view text);

}  // namespace vitrine::viz
