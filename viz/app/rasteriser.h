// Pictures of characters from font files, by FreeType. One FaceChain belongs to one thread.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vitrine::viz {

/// How much of each pixel a character covers, and where it stands on the baseline.
struct GlyphBitmap {
    char32_t slot = 0;  // where the font keeps it: its code point, or one of the private use area
    int width = 0, height = 0;
    int left = 0;  // of the first column, from the pen
    int top = 0;   // of the first row, above the baseline
    float advance = 0.0F;
    std::vector<unsigned char> coverage;  // row-major, 0 to 255
};

/// The bytes of a font file, shared by all faces made from it.
std::shared_ptr<const std::vector<char>> read_font(const std::filesystem::path& path);

/// Font files in order of preference, all at one size of the em.
class FaceChain {
   public:
    FaceChain(std::vector<std::shared_ptr<const std::vector<char>>> files, float em_pixels);
    ~FaceChain();
    FaceChain(FaceChain&&) noexcept;
    FaceChain& operator=(FaceChain&&) noexcept;

    /// The picture of `code` from the first file that has it; nothing if none has.
    std::optional<GlyphBitmap> draw(char32_t code) const;
    /// A chip with the name of the code point, "U+1FAE0", for what no font has.
    GlyphBitmap draw_chip(char32_t code) const;

   private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Height of ascender and descender together, in ems.
float line_height_in_ems(const std::vector<char>& font);

}  // namespace vitrine::viz
