// What every view passes its text through before it is drawn.
#pragma once

#include <string>
#include <string_view>

namespace vitrine::viz {

/// The text as the present ImGui context can draw it, whatever is in it: letters of Hangul
/// composed, emoji in a place of their own, pictures of new characters added to the fonts. See
/// GlyphCache; without one the text comes back as it is.
std::string displayable(std::string_view utf8);

}  // namespace vitrine::viz
