// Characters that join the font atlas while the app runs. Dear ImGui of Debian 12 bakes its atlas
// once and knows 16-bit characters only; 11,172 syllables in seven sizes would take seconds and
// hundreds of megabytes. So a part of the atlas is kept free, and a character is drawn into it when
// a text first needs it; a character beyond 16 bits gets a place of the private use area.
// Belongs to the UI thread.
#pragma once

#include <imgui.h>

#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "viz/app/displayable.h"
#include "viz/app/rasteriser.h"

namespace vitrine::viz {

class GlyphCache {
   public:
    /// A rectangle of the atlas, in pixels.
    struct Area {
        int x = 0, y = 0, width = 0, height = 0;
    };

    GlyphCache() = default;
    /// @param atlas  built, with its pixels in memory
    /// @param area   the part of it that is free
    GlyphCache(ImFontAtlas& atlas, Area area) : atlas_(&atlas), area_(area) {}

    /// Fonts to draw into, with the files their characters come from.
    void add_font(ImFont* font, FaceChain faces);
    /// Puts pictures that were drawn elsewhere into a font.
    void put(ImFont* font, const std::vector<GlyphBitmap>& glyphs);
    /// Every font has this character already.
    void mark_known(char32_t code) { known_.insert(code); }

    /// Holds from now on what `old` held: strings made with its places stay right.
    void take_over(const GlyphCache& old);
    /// Makes sure that every character of the text has a picture in every font.
    void need(std::string_view utf8);
    /// The text as ImGui can draw it: letters composed (NFC), joiners and variation selectors left
    /// out, characters beyond 16 bits replaced by their place in the private use area.
    std::string displayable(std::string_view utf8);

    /// What has changed in the atlas since it was last asked; width 0: nothing.
    Area take_changed();
    /// True if the free part is used up: load the fonts again with more room.
    bool full() const { return full_; }

   private:
    struct Target {
        ImFont* font = nullptr;
        FaceChain faces;
        int fallback = -1;  // index of the glyph that stands for missing ones
        int shelf_x = 0, shelf_y = 0, shelf_height = 0;  // the row that is being filled
    };

    char32_t slot_of(char32_t code);
    void draw(char32_t code, char32_t slot);
    bool put(Target& target, const GlyphBitmap& glyph);
    bool find_room(Target& target, int width, int height, int& x, int& y);
    void blit(const GlyphBitmap& glyph, int x, int y);

    ImFontAtlas* atlas_ = nullptr;
    Area area_;
    Area changed_;
    int next_shelf_ = 0;
    bool full_ = false;
    std::vector<Target> targets_;
    std::unordered_set<char32_t> known_;
    std::vector<char32_t> later_;  // drawn after the first characters
    std::map<char32_t, char32_t> private_slots_;
};

/// Makes the cache the one of the present ImGui context.
void use_glyphs(GlyphCache* cache);

}  // namespace vitrine::viz
