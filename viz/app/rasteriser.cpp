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
        // NanumSquare lists all 11,172 syllables and leaves 8,693 of them blank.
        if (syllable && slot->bitmap.rows == 0) continue;
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

// Digits 3 wide and 5 high, a row in three bits: readable at the size of a letter.
constexpr unsigned short hex_digits[16] = {0x7B6F, 0x2C97, 0x73E7, 0x73CF, 0x5BC9, 0x79CF,
                                           0x79EF, 0x7249, 0x7BEF, 0x7BCF, 0x7BED, 0x6BAE,
                                           0x7927, 0x6B6E, 0x79A7, 0x79A4};

void put_digit(GlyphBitmap& glyph, unsigned digit, int x, int y, int size) {
    for (int row = 0; row < 5; ++row) {
        for (int column = 0; column < 3; ++column) {
            if (((hex_digits[digit] >> (14 - row * 3 - column)) & 1U) == 0U) continue;
            for (int dy = 0; dy < size; ++dy) {
                for (int dx = 0; dx < size; ++dx) {
                    const int px = x + column * size + dx;
                    const int py = y + row * size + dy;
                    if (px < glyph.width && py < glyph.height) {
                        glyph.coverage[static_cast<std::size_t>(py * glyph.width + px)] = 255;
                    }
                }
            }
        }
    }
}

}  // namespace

GlyphBitmap FaceChain::draw_box(char32_t code) const {
    char digits[9];
    const int count = std::snprintf(digits, sizeof digits, "%04X", static_cast<unsigned>(code));
    const int columns = (count + 1) / 2;
    const int size = std::max(1, static_cast<int>(impl_->em / 15.0F));
    GlyphBitmap result;
    result.slot = code;
    result.width = columns * 4 * size + 5 * size;
    result.height = 2 * 6 * size + 5 * size;
    result.left = size;
    result.top = static_cast<int>(std::lround(0.4F * impl_->em)) + result.height / 2;
    result.advance = static_cast<float>(result.width + 2 * size);
    result.coverage.assign(static_cast<std::size_t>(result.width * result.height), 0);
    for (int y = 0; y < result.height; ++y) {
        for (int x = 0; x < result.width; ++x) {
            const bool edge =
                x < size || y < size || x >= result.width - size || y >= result.height - size;
            if (edge) result.coverage[static_cast<std::size_t>(y * result.width + x)] = 150;
        }
    }
    for (int i = 0; i < count; ++i) {
        const char digit = digits[i];
        const int value = digit <= '9' ? digit - '0' : digit - 'A' + 10;
        const int column = i % columns;
        const int row = i / columns;
        put_digit(result, static_cast<unsigned>(value), (3 + column * 4) * size,
                  (3 + row * 6) * size, size);
    }
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
