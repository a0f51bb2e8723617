// LaTeX formulas laid out as boxes: a small part of TeX's rules, enough for lessons. A command that
// is not known is an error. Source: Knuth, The TeXbook, appendix G (simplified).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine::viz {

/// How wide a character is at a size in pixels.
using MathAdvance = std::function<float(char32_t character, bool italic, float size)>;

/// A laid out formula. Coordinates are pixels from the left end of its baseline; y grows downwards.
struct MathBox {
    struct Glyph {
        char32_t character;
        float x, y, size;  // y of the baseline
        bool italic;
    };
    struct Rule {
        float x0, y0, x1, y1;
    };
    struct Stroke {  // a root sign or a tall delimiter, within the rectangle
        char32_t shape;
        float x0, y0, x1, y1;
    };
    float width = 0, ascent = 0, descent = 0;  // extents above and below the baseline
    std::vector<Glyph> glyphs;
    std::vector<Rule> rules;
    std::vector<Stroke> strokes;

    /// Adds another box with its baseline's left end at (x, y).
    void place(const MathBox& other, float x, float y);
};

/// @param latex    without the dollar signs
/// @param size     of a letter, in pixels
/// @param display  as a formula of its own: limits over and under sums, tall fractions
/// @throws ArgumentError  naming the command or the place that is not understood
MathBox lay_out_math(std::string_view latex, float size, bool display, const MathAdvance& advance);

}  // namespace vitrine::viz
