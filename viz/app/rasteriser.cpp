#include "viz/app/rasteriser.h"

#include <ft2build.h>
#include FT_FREETYPE_H

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "tensor/error.h"

namespace vitrine::viz {

struct FaceChain::Impl {
    FT_Library library = nullptr;
    std::vector<FT_Face> faces;
    std::vector<std::shared_ptr<const std::vector<char>>> files;  // the faces read from these
    float em = 0.0F;

    ~Impl() {
        for (const FT_Face face : faces) FT_Done_Face(face);
        if (library) FT_Done_FreeType(library);
    }
};

std::shared_ptr<const std::vector<char>> read_font(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    auto bytes = std::make_shared<std::vector<char>>(std::istreambuf_iterator<char>(file),
                                                     std::istreambuf_iterator<char>());
    if (!file || bytes->empty()) {
        throw FileError(path.string(), "a font file", "nothing that can be read",
                        "are the assets complete? VITRINE_ASSETS names their folder");
    }
    return bytes;
}

FaceChain::FaceChain(std::vector<std::shared_ptr<const std::vector<char>>> files, float em_pixels)
    : impl_(std::make_unique<Impl>()) {
    impl_->files = std::move(files);
    impl_->em = em_pixels;
    if (FT_Init_FreeType(&impl_->library) != 0) throw Error("FreeType can't be started");
    for (const auto& file : impl_->files) {
        FT_Face face = nullptr;
        if (FT_New_Memory_Face(impl_->library, reinterpret_cast<const FT_Byte*>(file->data()),
                               static_cast<FT_Long>(file->size()), 0, &face) != 0) {
            throw FileError("a font file", "TrueType or OpenType", "something else");
        }
        impl_->faces.push_back(face);
        const FT_F26Dot6 size = static_cast<FT_F26Dot6>(std::lround(em_pixels * 64.0F));
        FT_Set_Char_Size(face, size, size, 72, 72);
    }
}
FaceChain::~FaceChain() = default;
FaceChain::FaceChain(FaceChain&&) noexcept = default;
FaceChain& FaceChain::operator=(FaceChain&&) noexcept = default;

std::optional<GlyphBitmap> FaceChain::draw(char32_t code) const {
    for (const FT_Face face : impl_->faces) {
        const FT_UInt index = FT_Get_Char_Index(face, code);
        if (index == 0) continue;
        // Light hinting keeps stems sharp and widths true; the many strokes of a syllable are
        // drawn unhinted, which is faster and evener.
        const bool syllable = code >= 0xAC00U && code <= 0xD7A3U;
        const FT_Int32 hinting = syllable ? FT_LOAD_NO_HINTING : FT_LOAD_TARGET_LIGHT;
        if (FT_Load_Glyph(face, index, hinting | FT_LOAD_RENDER) != 0) continue;
        const FT_GlyphSlot slot = face->glyph;
        // NanumSquare lists all 11,172 syllables and 4,620 Chinese characters, and leaves 8,693 of
        // the former and all of the latter blank.
        const bool ideograph = code >= 0x4E00U && code <= 0x9FFFU;
        if ((syllable || ideograph) && slot->bitmap.rows == 0) continue;
        GlyphBitmap result;
        result.slot = code;
        result.width = static_cast<int>(slot->bitmap.width);
        result.height = static_cast<int>(slot->bitmap.rows);
        result.left = slot->bitmap_left;
        result.top = slot->bitmap_top;
        result.advance = std::round(static_cast<float>(slot->advance.x) / 64.0F);
        for (int y = 0; y < result.height; ++y) {
            const unsigned char* row = slot->bitmap.buffer + y * slot->bitmap.pitch;
            result.coverage.insert(result.coverage.end(), row, row + result.width);
        }
        return result;
    }
    return std::nullopt;
}

namespace {

/// Coverage of a pixel inside a rounded rectangle that fills the picture; 0 outside.
unsigned char inside(const GlyphBitmap& glyph, int x, int y, float radius, float cover) {
    const auto beyond = [radius](int i, int n) {  // how far into a corner
        const float at = static_cast<float>(i) + 0.5F;
        return std::max({0.0F, radius - at, at - (static_cast<float>(n) - radius)});
    };
    const float distance = std::hypot(beyond(x, glyph.width), beyond(y, glyph.height));
    return static_cast<unsigned char>(cover * std::clamp(radius - distance + 0.5F, 0.0F, 1.0F));
}

/// Letters of a face side by side on one line; returns where the next one would begin.
int put_letters(FT_Face face, const char* text, GlyphBitmap* onto, int x, int baseline) {
    for (; *text != '\0'; ++text) {
        const FT_ULong letter = static_cast<unsigned char>(*text);
        if (FT_Load_Char(face, letter, FT_LOAD_TARGET_LIGHT | FT_LOAD_RENDER) != 0) continue;
        const FT_GlyphSlot slot = face->glyph;
        const auto rows = static_cast<int>(slot->bitmap.rows);
        const auto columns = static_cast<int>(slot->bitmap.width);
        for (int row = 0; row < rows && onto != nullptr; ++row) {
            for (int column = 0; column < columns; ++column) {
                const int px = x + slot->bitmap_left + column;
                const int py = baseline - slot->bitmap_top + row;
                if (px < 0 || py < 0 || px >= onto->width || py >= onto->height) continue;
                unsigned char& pixel = onto->coverage[static_cast<std::size_t>(py) *
                                                          static_cast<std::size_t>(onto->width) +
                                                      static_cast<std::size_t>(px)];
                pixel = std::max(pixel, slot->bitmap.buffer[row * slot->bitmap.pitch + column]);
            }
        }
        x += static_cast<int>(std::lround(static_cast<float>(slot->advance.x) / 64.0F));
    }
    return x;
}

}  // namespace

GlyphBitmap FaceChain::draw_chip(char32_t code) const {
    char name[12];
    std::snprintf(name, sizeof name, "U+%04X", static_cast<unsigned>(code));
    const FT_Face face = impl_->faces.front();
    const auto set_size = [face](float em) {
        const auto size = static_cast<FT_F26Dot6>(std::lround(em * 64.0F));
        FT_Set_Char_Size(face, size, size, 72, 72);
    };
    const float em = impl_->em;
    set_size(0.62F * em);
    const int pad = static_cast<int>(std::lround(0.25F * em));
    GlyphBitmap result;
    result.slot = code;
    result.width = put_letters(face, name, nullptr, 0, 0) + 2 * pad;
    result.height = static_cast<int>(std::lround(0.95F * em));
    result.left = 1;
    const float middle = 0.36F * em;  // of a capital letter, above the baseline
    result.top = static_cast<int>(std::lround(middle + 0.5F * static_cast<float>(result.height)));
    result.advance = static_cast<float>(result.width + 2);
    for (int y = 0; y < result.height; ++y) {
        for (int x = 0; x < result.width; ++x)
            result.coverage.push_back(inside(result, x, y, 0.25F * em, 48.0F));
    }
    const float capital = 0.62F * 0.73F * em;
    put_letters(
        face, name, &result, pad,
        static_cast<int>(std::lround(0.5F * (static_cast<float>(result.height) + capital))));
    set_size(em);
    return result;
}

float line_height_in_ems(const std::vector<char>& font) {
    FT_Library library = nullptr;
    FT_Face face = nullptr;
    float result = 1.2F;
    if (FT_Init_FreeType(&library) != 0) return result;
    if (FT_New_Memory_Face(library, reinterpret_cast<const FT_Byte*>(font.data()),
                           static_cast<FT_Long>(font.size()), 0, &face) == 0) {
        result = static_cast<float>(face->ascender - face->descender) /
                 static_cast<float>(face->units_per_EM);
        FT_Done_Face(face);
    }
    FT_Done_FreeType(library);
    return result;
}

}  // namespace vitrine::viz
