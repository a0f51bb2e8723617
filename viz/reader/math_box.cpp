#include <algorithm>

#include "viz/reader/math.h"

namespace vitrine::viz {

void MathBox::place(const MathBox& other, float x, float y) {
    for (Glyph glyph : other.glyphs) {
        glyph.x += x;
        glyph.y += y;
        glyphs.push_back(glyph);
    }
    for (const Rule& rule : other.rules)
        rules.push_back({rule.x0 + x, rule.y0 + y, rule.x1 + x, rule.y1 + y});
    for (const Stroke& s : other.strokes)
        strokes.push_back({s.shape, s.x0 + x, s.y0 + y, s.x1 + x, s.y1 + y});
    width = std::max(width, x + other.width);
    ascent = std::max(ascent, other.ascent - y);
    descent = std::max(descent, other.descent + y);
}

}  // namespace vitrine::viz
