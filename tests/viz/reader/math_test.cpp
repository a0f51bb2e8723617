#include "viz/reader/math.h"

#include <doctest/doctest.h>

#include "tensor/error.h"

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
