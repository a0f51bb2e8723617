// Text drawn into an Image, from the pictures of letters that the font atlas holds: for PNG files.
#pragma once

#include <string_view>

#include "viz/app/theme.h"
#include "viz/widgets/texture.h"

namespace vitrine::viz {

/// Draws `text` with its top left at (x, y). Pixels outside the image are left out.
/// Without an atlas in memory nothing is drawn.
void raster_text(Image& image, const ImFont* font, int x, int y, ImU32 colour,
                 std::string_view text);

}  // namespace vitrine::viz
