#include "viz/app/fonts.h"

#include <iconv.h>
#include <imgui_freetype.h>

#include <cmath>
#include <filesystem>
#include <string>

#include "io/assets.h"
#include "tensor/error.h"
#include "text/hangul.h"
#include "text/utf8.h"

namespace vitrine::viz {

namespace {

/// The 2,350 syllables of KS X 1001: rows 16 to 40 of EUC-KR.
std::set<ImWchar> common_syllables() {
    std::set<ImWchar> found;
    const iconv_t converter = iconv_open("UTF-8", "EUC-KR");
    if (converter == iconv_t(-1)) return found;
    for (int row = 0xb0; row <= 0xc8; ++row) {
        for (int cell = 0xa1; cell <= 0xfe; ++cell) {
            char in[2] = {static_cast<char>(row), static_cast<char>(cell)};
            char out[8] = {};
            char* from = in;
            char* to = out;
            std::size_t left = 2, room = 8;
            if (iconv(converter, &from, &left, &to, &room) == std::size_t(-1)) continue;
            const CodePoint point = read_code_point({out, 8 - room}, 0);
            if (is_hangul_syllable(point.value)) found.insert(static_cast<ImWchar>(point.value));
        }
    }
    iconv_close(converter);
    return found;
}

/// Latin, punctuation, arrows and operators.
constexpr ImWchar latin[] = {0x20, 0x24f, 0x2000, 0x206f, 0x20a0, 0x20bf, 0x2100, 0x218f, 0};
/// What DejaVu adds: Greek, Cyrillic, arrows, operators, boxes, shapes, dingbats.
constexpr ImWchar symbols[] = {0x250,  0x52f,  0x1e00, 0x1eff, 0x2070, 0x209c,
                               0x2190, 0x23ff, 0x2500, 0x27bf, 0x2900, 0x29ff,
                               0x2a00, 0x2aff, 0xfffd, 0xfffd, 0};
/// Letters of Hangul that stand alone, and punctuation of East Asia.
constexpr ImWchar letters[] = {0x1100, 0x11ff, 0x3000, 0x303f, 0x3131, 0x318e, 0xff00, 0xffef, 0};

class Loader {
   public:
    Loader(float scale, const Glyphs& glyphs) : folder_(assets_folder() / "fonts"), scale_(scale) {
        // ImGui keeps the pointers until the atlas is built.
        for (const ImWchar syllable : glyphs.syllables()) builder_.AddChar(syllable);
        builder_.BuildRanges(&chosen_);
    }

    ImFont* load(const char* latin_file, const char* hangul_file, float size, bool all_syllables) {
        ImFont* font = add(latin_file, size, latin, false);
        static constexpr ImWchar all[] = {0xac00, 0xd7a3, 0};
        add(hangul_file, size, letters, true);
        add(hangul_file, size, all_syllables ? all : chosen_.Data, true);
        add("DejaVuSans.ttf", size, symbols, true);
        return font;
    }

    ImFont* load_math(float size) {
        static constexpr ImWchar all[] = {0x20, 0x3ff, 0x2000, 0x2bff, 0};
        ImFont* font = add("latinmodern-math.otf", size, all, false);
        add("NanumSquareR.ttf", size * 0.85F, chosen_.Data, true);
        return font;
    }

   private:
    ImFont* add(const char* file, float size, const ImWchar* ranges, bool merge) {
        const auto path = folder_ / file;
        if (!std::filesystem::exists(path)) {
            throw FileError(path.string(), "a font", "no such file", "assets/fonts is incomplete");
        }
        ImFontConfig config;
        config.MergeMode = merge;
        config.OversampleH = config.OversampleV = 1;
        config.FontBuilderFlags = ImGuiFreeTypeBuilderFlags_LightHinting;
        return ImGui::GetIO().Fonts->AddFontFromFileTTF(path.string().c_str(),
                                                        std::round(size * scale_), &config, ranges);
    }

    std::filesystem::path folder_;
    float scale_;
    ImFontGlyphRangesBuilder builder_;
    ImVector<ImWchar> chosen_;
};

}  // namespace

Glyphs::Glyphs() : syllables_(common_syllables()) {}

bool Glyphs::need(std::string_view text) {
    bool is_new = false;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = read_code_point(text, at);
        if (is_hangul_syllable(point.value)) {
            is_new = syllables_.insert(static_cast<ImWchar>(point.value)).second || is_new;
        }
        at += static_cast<std::size_t>(point.bytes > 0 ? point.bytes : 1);
    }
    return is_new;
}

void load_fonts(Theme& theme, const Glyphs& glyphs) {
    ImFontAtlas* atlas = ImGui::GetIO().Fonts;
    atlas->Clear();
    atlas->Flags |= ImFontAtlasFlags_NoPowerOfTwoHeight;
    atlas->TexDesiredWidth = 4096;
    Loader loader(theme.scale, glyphs);
    theme.fonts.body = loader.load("Inter-Regular.otf", "NanumSquareR.ttf", 16, true);
    theme.fonts.bold = loader.load("Inter-SemiBold.otf", "NanumSquareB.ttf", 16, false);
    theme.fonts.small = loader.load("Inter-Regular.otf", "NanumSquareR.ttf", 13, false);
    theme.fonts.title = loader.load("Inter-SemiBold.otf", "NanumSquareB.ttf", 22, false);
    theme.fonts.mono = loader.load("JetBrainsMono-Regular.ttf", "NanumSquareR.ttf", 14, false);
    theme.fonts.math = loader.load_math(19);
    atlas->Build();
}

}  // namespace vitrine::viz
