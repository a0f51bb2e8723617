// The app's fonts, from assets/fonts, as one atlas.
#pragma once

#include <set>
#include <string_view>

#include "viz/app/theme.h"

namespace vitrine::viz {

/// Which Hangul the smaller fonts hold. The body font holds all 11,172 syllables; the others the
/// 2,350 of KS X 1001 and those that a text has needed since.
class Glyphs {
   public:
    Glyphs();
    /// Notes the syllables of a text. True if there is one that the fonts don't hold yet: load
    /// again.
    bool need(std::string_view text);
    const std::set<ImWchar>& syllables() const { return syllables_; }

   private:
    std::set<ImWchar> syllables_;
};

/// Builds the atlas of the present ImGui context and sets theme.fonts.
/// @throws FileError if a font is missing
void load_fonts(Theme& theme, const Glyphs& glyphs);

}  // namespace vitrine::viz
