#include "viz/reader/math.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "io/assets.h"
#include "tensor/error.h"
#include "viz/app/rasteriser.h"
#include "viz/reader/math_parts.h"
#include "viz/reader/math_symbols.h"

using namespace vitrine;
using namespace vitrine::viz;

namespace {

MathBox lay_out(const std::string& formula) {
    return lay_out_math(formula, 16, false, [](char32_t, bool, float size) { return size / 2; });
}

}  // namespace

TEST_CASE("formula: a fraction stands above and below the line, a script is smaller") {
    const MathBox plain = lay_out("ab");
    const MathBox fraction = lay_out("\\frac{a}{b}");
    CHECK(fraction.ascent > plain.ascent);
    CHECK(fraction.descent > plain.descent);
    const MathBox script = lay_out("a^b");
    REQUIRE(script.glyphs.size() == 2);
    CHECK(script.glyphs[1].size < script.glyphs[0].size);
}

TEST_CASE("formula: the symbols of a textbook are known, others are refused by name") {
    for (const char* formula :
         {"\\Phi(x)", "\\forall x \\in X", "a \\Rightarrow b", "\\lfloor x \\rfloor",
          "\\hat{y} \\otimes \\vec{x}", "\\eta \\psi \\xi"}) {
        CAPTURE(formula);
        CHECK_NOTHROW(lay_out(formula));
    }
    CHECK_THROWS_WITH_AS(lay_out("\\nosuch"), doctest::Contains("nosuch"), ArgumentError);
    CHECK_THROWS_AS(lay_out("{a"), ArgumentError);
    CHECK_THROWS_AS(lay_out("a}"), ArgumentError);
}

TEST_CASE("formula: groups without end are refused, not followed until the stack is full") {
    CHECK_THROWS_WITH_AS(lay_out(std::string(20000, '{')), doctest::Contains("60 levels"),
                         ArgumentError);
    std::string roots;
    for (int i = 0; i < 20000; ++i) roots += "\\sqrt";
    CHECK_THROWS_WITH_AS(lay_out(roots + "{x}"), doctest::Contains("60 levels"), ArgumentError);
    std::string scripts;
    for (int i = 0; i < 20000; ++i) scripts += "a^{";
    CHECK_THROWS_AS(lay_out(scripts), ArgumentError);
}

TEST_CASE("formula: scripts, integrals, limits, braces and roots of a degree") {
    // Capital L had its script form before the block of the others was added to Unicode.
    const MathBox script = lay_out("\\mathcal{LA}");
    REQUIRE(script.glyphs.size() == 2);
    CHECK(script.glyphs[0].character == 0x2112);
    CHECK(script.glyphs[1].character == 0x1D49C);
    const MathBox integral = lay_out("\\int_0^1 x");
    REQUIRE(integral.glyphs.size() == 4);
    CHECK(integral.glyphs[0].character == U'∫');
    CHECK(integral.glyphs[1].x > integral.glyphs[0].x);  // its bounds stand behind it
    const MathBox limit = lay_out_math("\\lim_{x \\to 0} f", 16, true,
                                       [](char32_t, bool, float size) { return size / 2; });
    CHECK(limit.glyphs[3].y > 0);  // below the name
    CHECK(limit.glyphs[3].x < limit.glyphs[2].x);
    const MathBox brace = lay_out("\\underbrace{a + b}_{n}");
    REQUIRE(brace.strokes.size() == 1);
    CHECK(brace.strokes[0].y0 > 0);
    CHECK(brace.glyphs.back().y > brace.strokes[0].y1);  // below the brace, in a line too
    CHECK(lay_out("\\overbrace{a}^{n}").strokes[0].y1 < 0);
    const MathBox root = lay_out("\\sqrt[3]{x}");
    REQUIRE(root.glyphs.size() == 2);
    CHECK(root.glyphs[1].y < 0);  // the degree is over the sign
    CHECK(root.glyphs[1].size < 0.6F * root.glyphs[0].size);
    CHECK_THROWS_AS(lay_out("\\sqrt[3{x}"), ArgumentError);
}

TEST_CASE("formula: delimiters by name grow with what they enclose") {
    const MathBox tall = lay_out("\\left\\langle \\frac{a}{b} \\right\\rangle");
    REQUIRE(tall.strokes.size() == 2);
    CHECK(tall.strokes[0].shape == U'⟨');
    CHECK(tall.strokes[1].shape == U'⟩');
    CHECK(tall.strokes[0].y1 - tall.strokes[0].y0 > 16);
    CHECK_NOTHROW(lay_out("\\left\\lfloor x \\right\\rfloor \\left\\| x \\right\\|"));
    CHECK_NOTHROW(lay_out("\\left\\{ x \\right\\}"));
    CHECK_THROWS_AS(lay_out("\\left\\alpha x \\right)"), ArgumentError);
}

TEST_CASE("formula: every symbol has a picture in the formula font, none is a box") {
    const std::filesystem::path fonts = assets_folder() / "fonts";
    const FaceChain faces({read_font(fonts / "latinmodern-math.otf")}, 19.0F);
    for (const auto& each : symbols()) {
        const std::string name(each.first);
        CAPTURE(name);
        const char32_t character = each.second.character;
        CHECK((character < 0x80 || faces.draw(character).has_value()));
    }
    for (char32_t letter = U'A'; letter <= U'Z'; ++letter) {
        CAPTURE(static_cast<char>(letter));
        CHECK(faces.draw(script_capital(letter)).has_value());
    }
}
