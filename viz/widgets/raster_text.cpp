#include "viz/widgets/raster_text.h"

#include <cmath>

#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

/// How much of each pixel of the atlas a letter covers, from 0 to 255.
struct Coverage {
    const unsigned char* alpha = nullptr;
    const unsigned int* rgba = nullptr;
    int width = 0, height = 0;

    unsigned at(int x, int y) const {
        const int i = y * width + x;
        return alpha ? alpha[i] : (rgba[i] >> IM_COL32_A_SHIFT) & 0xFFU;
    }
    /// The mean over columns [begin, end): an atlas may hold letters wider than they are drawn.
    unsigned mean(int begin, int end, int y) const {
        unsigned sum = 0;
        for (int x = begin; x < end; ++x) sum += at(x, y);
        return end > begin ? sum / static_cast<unsigned>(end - begin) : 0U;
    }
};

Coverage coverage_of(const ImFont* font) {
    const ImFontAtlas& atlas = *font->ContainerAtlas;
    return {atlas.TexPixelsAlpha8, atlas.TexPixelsRGBA32, atlas.TexWidth, atlas.TexHeight};
}

ImU32 blended(ImU32 below, ImU32 above, unsigned cover) {
    ImU32 result = 0;
    for (const int shift : {IM_COL32_R_SHIFT, IM_COL32_G_SHIFT, IM_COL32_B_SHIFT}) {
        const unsigned a = (below >> shift) & 0xFFU;
        const unsigned b = (above >> shift) & 0xFFU;
        result |= ((a * (255U - cover) + b * cover + 127U) / 255U) << shift;
    }
    return result | IM_COL32_A_MASK;
}

}  // namespace

void raster_text(Image& image, const ImFont* font, int x, int y, ImU32 colour,
                 std::string_view text) {
    const Coverage coverage = coverage_of(font);
    if (!coverage.alpha && !coverage.rgba) return;
    float along = 0.0F;
    while (!text.empty()) {
        const Character c = next_character(text);
        text.remove_prefix(c.bytes);
        const ImFontGlyph* glyph =
            const_cast<ImFont*>(font)->FindGlyph(static_cast<ImWchar>(c.code));
        if (!glyph) continue;
        const int u = static_cast<int>(std::lround(glyph->U0 * static_cast<float>(coverage.width)));
        const int v =
            static_cast<int>(std::lround(glyph->V0 * static_cast<float>(coverage.height)));
        const int width = static_cast<int>(std::lround(glyph->X1 - glyph->X0));
        const int height = static_cast<int>(std::lround(glyph->Y1 - glyph->Y0));
        const int stored = static_cast<int>(
            std::lround((glyph->U1 - glyph->U0) * static_cast<float>(coverage.width)));
        const int left = static_cast<int>(std::lround(along + glyph->X0));
        const int top = static_cast<int>(std::lround(glyph->Y0));
        for (int row = 0; row < height && glyph->Visible; ++row) {
            for (int column = 0; column < width; ++column) {
                const int px = x + left + column;
                const int py = y + top + row;
                if (px < 0 || py < 0 || px >= image.width || py >= image.height) continue;
                image.at(px, py) =
                    blended(image.at(px, py), colour,
                            coverage.mean(u + column * stored / width,
                                          u + (column + 1) * stored / width, v + row));
            }
        }
        along += glyph->AdvanceX;
    }
}

}  // namespace vitrine::viz
