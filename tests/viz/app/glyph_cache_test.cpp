#include "viz/app/glyph_cache.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "io/assets.h"
#include "text/utf8.h"
#include "viz/app/fonts.h"

using namespace vitrine;
using namespace vitrine::viz;

namespace {

struct FontStage {
    ImGuiContext* imgui = ImGui::CreateContext();
    Theme theme = make_theme(false, 1.0F);
    std::unique_ptr<GlyphCache> glyphs = load_fonts(theme);
    ~FontStage() { ImGui::DestroyContext(imgui); }
};

/// Sum of what the picture of a character covers in the atlas; -1: the font has none.
long ink(const ImFont* font, char32_t code) {
    const ImFontGlyph* glyph =
        const_cast<ImFont*>(font)->FindGlyphNoFallback(static_cast<ImWchar>(code));
    if (glyph == nullptr) return -1;
    const ImFontAtlas& atlas = *font->ContainerAtlas;
    const auto width = static_cast<float>(atlas.TexWidth);
    const auto height = static_cast<float>(atlas.TexHeight);
    long sum = 0;
    for (int y = static_cast<int>(glyph->V0 * height + 0.5F); y < glyph->V1 * height - 0.5F; ++y) {
        for (int x = static_cast<int>(glyph->U0 * width + 0.5F); x < glyph->U1 * width - 0.5F;
             ++x) {
            sum += atlas.TexPixelsRGBA32[y * atlas.TexWidth + x] >> IM_COL32_A_SHIFT;
        }
    }
    return sum;
}

}  // namespace

TEST_CASE("glyphs: each of the 11,172 syllables gets a picture with ink in it") {
    FontStage stage;
    int blank = 0;
    for (char32_t code = 0xAC00; code <= 0xD7A3; ++code) {
        std::string text;
        append_code_point(text, code);
        stage.glyphs->need(text);
        if (stage.glyphs->full()) break;
        blank += ink(stage.theme.fonts.body, code) <= 0 ? 1 : 0;
    }
    CHECK(blank == 0);
}

TEST_CASE("glyphs: a character that a font lists and leaves blank is not left blank") {
    FontStage stage;
    for (const char32_t code : U"語あㅎ漢") {
        if (code == 0) continue;
        std::string text;
        append_code_point(text, code);
        stage.glyphs->need(text);
        CAPTURE(static_cast<unsigned>(code));
        CHECK(ink(stage.theme.fonts.body, code) > 0);
    }
}

TEST_CASE("glyphs: a full atlas says so and can be made larger, with all it held") {
    FontStage stage;
    for (char32_t code = 0xAC00; code <= 0xD7A3 && !stage.glyphs->full(); ++code) {
        std::string text;
        append_code_point(text, code);
        stage.glyphs->need(text);
    }
    REQUIRE(stage.glyphs->full());
    const std::string family = stage.glyphs->displayable("👨‍👩‍👧");
    std::unique_ptr<GlyphCache> larger = load_fonts(stage.theme, 6.0F);
    larger->take_over(*stage.glyphs);
    CHECK_FALSE(larger->full());
    CHECK(ink(stage.theme.fonts.body, 0xAC00) > 0);
    CHECK(larger->displayable("👨‍👩‍👧") == family);
    stage.glyphs = std::move(larger);
}

TEST_CASE("glyphs: conjoining letters are composed, joiners left out, emoji get a place") {
    FontStage stage;
    CHECK(displayable("\u1112\u1161\u11ab") == "한");
    CHECK(displayable("e\u0301") == "é");
    CHECK(displayable("plain · text") == "plain · text");
    const std::string smile = displayable("😀");
    const CodePoint place = read_code_point(smile, 0);
    CHECK(place.value >= 0xE000);
    CHECK(place.value <= 0xF8FF);
    CHECK(ink(stage.theme.fonts.body, place.value) > 0);
    CHECK(displayable("😀") == smile);
    CHECK(displayable("😁") != smile);
    CHECK(count_characters(displayable("👨‍👩‍👧")) == 3);
}

TEST_CASE("glyphs: the emoji of Unicode 10 have a picture of their own") {
    const FontStage stage;
    const FaceChain faces({read_font(assets_folder() / "fonts" / "DejaVuSans.ttf"),
                           read_font(assets_folder() / "fonts" / "Symbola-emoji.ttf")},
                          14.0F);
    for (const char32_t code : U"🙂👍🎉🔥🌏🐯🚀🤖🥕🧑") {
        if (code == 0) continue;
        CAPTURE(static_cast<unsigned>(code));
        CHECK(faces.draw(code).has_value());
    }
}

TEST_CASE("glyphs: what no font has is a tinted chip with its number, within the line") {
    FontStage stage;
    const CodePoint shaking = read_code_point(displayable("\U0001FAE8"), 0);
    const CodePoint melting = read_code_point(displayable("\U0001FAE0"), 0);
    for (ImFont* Fonts::*each : {&Fonts::body, &Fonts::small, &Fonts::title, &Fonts::mono}) {
        ImFont* font = stage.theme.fonts.*each;
        const ImFontGlyph* chip = font->FindGlyphNoFallback(static_cast<ImWchar>(shaking.value));
        REQUIRE(chip != nullptr);
        CHECK(chip->Y0 >= 0.0F);
        CHECK(chip->Y1 <= font->FontSize);
        CHECK(chip->AdvanceX >= chip->X1);
        CHECK(ink(font, shaking.value) != ink(font, melting.value));  // other digits
    }
    const FaceChain faces({read_font(assets_folder() / "fonts" / "Inter-Regular.otf")}, 28.0F);
    const GlyphBitmap chip = faces.draw_chip(0x1FAE0);
    const auto cover = [&](int x, int y) {
        return static_cast<int>(chip.coverage[static_cast<std::size_t>(y * chip.width + x)]);
    };
    CHECK(cover(0, 0) == 0);  // the corners are round
    CHECK(cover(chip.width - 1, chip.height - 1) == 0);
    CHECK(cover(chip.width / 2, 1) > 20);  // a tint, through which a selection is seen
    CHECK(cover(chip.width / 2, 1) < 80);
    CHECK(*std::max_element(chip.coverage.begin(), chip.coverage.end()) > 200);  // its name
    // "U+1FAE0" has seven letters: no letter is narrower than a sixth of an em.
    CHECK(chip.width > 7 * 28 / 6);
}

TEST_CASE("glyphs: what joins is reported once for the texture") {
    FontStage stage;
    stage.glyphs->take_changed();
    displayable("뷁");
    const GlyphCache::Area area = stage.glyphs->take_changed();
    CHECK(area.width > 0);
    CHECK(area.height > 0);
    CHECK(stage.glyphs->take_changed().width == 0);
    displayable("뷁");
    CHECK(stage.glyphs->take_changed().width == 0);
}
