// The fonts of the app: read from assets/fonts, drawn at the present scale.
#pragma once

#include <memory>

#include "viz/app/glyph_cache.h"
#include "viz/app/theme.h"

namespace vitrine::viz {

/// Fills the present ImGui context's atlas with the app's fonts at theme.scale and sets
/// theme.fonts. The atlas's pixels stay in memory; whoever draws uploads them, and later what
/// GlyphCache::take_changed() says.
/// @param room  how many times the usual room to keep for further characters
/// @return  the cache that draws further characters; it must outlive the context's use of the fonts
/// @throws FileError  if a font file is missing
std::unique_ptr<GlyphCache> load_fonts(Theme& theme, float room = 1.0F);

}  // namespace vitrine::viz
