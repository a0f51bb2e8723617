#include "viz/app/fonts.h"

#include <imgui_freetype.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <future>
#include <vector>

#include "io/assets.h"
#include "text/utf8.h"
#include "viz/app/common_hangul.h"

namespace vitrine::viz {

namespace {

using FontFile = std::shared_ptr<const std::vector<char>>;

enum class Kind { text, italic_math, upright_math };

struct Plan {
    ImFont* Fonts::*font;
    const char* latin;
    const char* hangul;
    float em;  // pixels at scale 1
    Kind kind;
};

constexpr std::array<Plan, 7> plans{{
    {&Fonts::body, "Inter-Regular.otf", "NanumSquareR.ttf", 14.0F, Kind::text},
    {&Fonts::bold, "Inter-SemiBold.otf", "NanumSquareB.ttf", 14.0F, Kind::text},
    {&Fonts::small, "Inter-Regular.otf", "NanumSquareR.ttf", 11.75F, Kind::text},
    {&Fonts::title, "Inter-SemiBold.otf", "NanumSquareB.ttf", 19.5F, Kind::text},
    {&Fonts::mono, "JetBrainsMono-Regular.ttf", "NanumSquareR.ttf", 13.0F, Kind::text},
    {&Fonts::math, "latinmodern-math.otf", "NanumSquareR.ttf", 19.0F, Kind::italic_math},
    {&Fonts::roman, "latinmodern-math.otf", "NanumSquareR.ttf", 19.0F, Kind::upright_math},
}};

/// Characters of the first moment: what interface and lessons are written with.
std::vector<char32_t> first_characters(Kind kind) {
    std::vector<char32_t> codes;
    const auto range = [&codes](char32_t first, char32_t last) {
        for (char32_t code = first; code <= last; ++code) codes.push_back(code);
    };
    range(0x2010, 0x2027);
    range(0x2030, 0x203A);
    range(0x2190, 0x2199);
    for (const char32_t code : {0x2032, 0x203B, 0x20A9, 0x2116, 0x2122, 0x21B5, 0x21E5, 0x21E7,
                                0x2303, 0x2318, 0x232B, 0x23CE, 0x2423, 0x3000, 0x3001, 0x3002}) {
        codes.push_back(code);
    }
    if (kind != Kind::text) {
        range(0x391, 0x3C9);
        range(0x3D1, 0x3D6);
        range(0x2200, 0x22FF);
        range(0x2308, 0x230B);
        range(0x27E8, 0x27E9);
        return codes;
    }
    range(0x391, 0x3A1);
    range(0x3A3, 0x3A9);
    range(0x3B1, 0x3C9);
    for (const char32_t code :
         {0x2202, 0x2208, 0x2211, 0x2212, 0x221A, 0x221E, 0x2248, 0x2260, 0x2264, 0x2265,
          0x22C5, 0x25A0, 0x25A1, 0x25B2, 0x25B6, 0x25B8, 0x25BC, 0x25BE, 0x25C0, 0x25CB,
          0x25CF, 0x25D0, 0x2713, 0x2715, 0x2717, 0x300C, 0x300D, 0x318D}) {
        codes.push_back(code);
    }
    range(0x3131, 0x3163);
    for (const char* row : common_hangul) {
        const std::string_view text = row;
        for (std::size_t i = 0; i < text.size(); i += 3) {
            codes.push_back(read_code_point(text, i).value);
        }
    }
    return codes;
}

/// Where Latin Modern Math keeps the italic form of a letter; 0 if it has none.
char32_t italic_form(char32_t code) {
    if (code == 'h') return 0x210E;
    if (code >= 'a' && code <= 'z') return 0x1D44E + (code - 'a');
    if (code >= 'A' && code <= 'Z') return 0x1D434 + (code - 'A');
    if (code >= 0x3B1 && code <= 0x3C9) return 0x1D6FC + (code - 0x3B1);
    switch (code) {
        case 0x3D1: return 0x1D717;
        case 0x3D5: return 0x1D719;
        case 0x3D6: return 0x1D71B;
        case 0x3F5: return 0x1D716;
        default: return 0;
    }
}

std::vector<GlyphBitmap> draw_first(const Plan& plan, const FaceChain& faces) {
    std::vector<GlyphBitmap> glyphs;
    std::vector<char32_t> codes = first_characters(plan.kind);
    if (plan.kind == Kind::italic_math) {
        for (char32_t c = 'A'; c <= 'z'; ++c) codes.push_back(c);
    }
    for (const char32_t code : codes) {
        const char32_t italic = plan.kind == Kind::italic_math ? italic_form(code) : 0;
        std::optional<GlyphBitmap> glyph = faces.draw(italic != 0 ? italic : code);
        if (!glyph) continue;
        glyph->slot = code;
        glyphs.push_back(std::move(*glyph));
    }
    return glyphs;
}

FaceChain faces_of(const Plan& plan, float scale,
                   const std::function<FontFile(const char*)>& file) {
    std::vector<FontFile> files{file(plan.latin)};
    if (plan.kind == Kind::text) files.push_back(file("Inter-Regular.otf"));
    files.push_back(file(plan.hangul));
    files.push_back(file("VitrineHangul.ttf"));
    files.push_back(file("DejaVuSans.ttf"));
    files.push_back(file("Symbola-emoji.ttf"));
    return {std::move(files), plan.em * scale};
}

/// The atlas with Latin-1 of every font and a free part for the rest.
int build_atlas(ImFontAtlas& atlas, Theme& theme, const std::function<FontFile(const char*)>& file,
                float room) {
    static constexpr ImWchar latin[] = {0x20, 0xFF, 0};
    float area = 0.0F;
    for (const Plan& plan : plans) {
        const FontFile bytes = file(plan.latin);
        ImFontConfig config;
        config.FontDataOwnedByAtlas = false;
        config.GlyphRanges = latin;
        config.FontBuilderFlags = ImGuiFreeTypeBuilderFlags_LightHinting;
        config.PixelSnapH = true;
        const float size = std::round(plan.em * theme.scale * line_height_in_ems(*bytes));
        theme.fonts.*plan.font = atlas.AddFontFromMemoryTTF(
            const_cast<char*>(bytes->data()), static_cast<int>(bytes->size()), size, &config);
        const float side = plan.em * theme.scale + 2.0F;
        area += side * (size + 2.0F) * (plan.kind == Kind::text ? 2500.0F : 400.0F);
    }
    atlas.FontBuilderIO = ImGuiFreeType::GetBuilderForFreeType();
    atlas.Flags |= ImFontAtlasFlags_NoPowerOfTwoHeight;
    atlas.TexDesiredWidth = theme.scale > 1.3F ? 4096 : 2048;
    const int width = atlas.TexDesiredWidth - 8;
    // A quarter more than the first characters take, for those that come later.
    const int height =
        std::min(16000, static_cast<int>(1.25F * room * area / static_cast<float>(width)) + 64);
    return atlas.AddCustomRectRegular(width, height);
}

}  // namespace

std::unique_ptr<GlyphCache> load_fonts(Theme& theme, float room) {
    const std::filesystem::path folder = assets_folder() / "fonts";
    std::map<std::string, FontFile> files;
    const std::function<FontFile(const char*)> file = [&](const char* name) {
        FontFile& bytes = files[name];
        if (!bytes) bytes = read_font(folder / name);
        return bytes;
    };
    ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
    atlas.Clear();

    std::vector<FaceChain> chains;
    std::vector<std::future<std::vector<GlyphBitmap>>> drawn;
    chains.reserve(plans.size());
    drawn.reserve(plans.size());
    for (const Plan& plan : plans) chains.push_back(faces_of(plan, theme.scale, file));
    for (std::size_t i = 0; i < plans.size(); ++i) {
        drawn.push_back(std::async(std::launch::async, [plan = plans[i], &faces = chains[i]] {
            return draw_first(plan, faces);
        }));
    }
    const int reserved = build_atlas(atlas, theme, file, room);
    unsigned char* pixels = nullptr;
    int width = 0, height = 0;
    atlas.GetTexDataAsRGBA32(&pixels, &width, &height);
    const ImFontAtlasCustomRect& free = *atlas.GetCustomRectByIndex(reserved);
    auto cache = std::make_unique<GlyphCache>(
        atlas, GlyphCache::Area{free.X, free.Y, free.Width, free.Height});
    for (char32_t code = 0x20; code <= 0xFF; ++code) cache->mark_known(code);
    std::vector<std::vector<GlyphBitmap>> first;
    first.reserve(drawn.size());
    for (auto& future : drawn) first.push_back(future.get());
    for (std::size_t i = 0; i < plans.size(); ++i) {
        ImFont* font = theme.fonts.*plans[i].font;
        cache->add_font(font, std::move(chains[i]));
        cache->put(font, first[i]);
    }
    ImGui::GetIO().FontDefault = theme.fonts.body;
    use_glyphs(cache.get());
    return cache;
}

}  // namespace vitrine::viz
