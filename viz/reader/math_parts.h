// The constructions of formulas as boxes: what is put above, below and around finished boxes.
// Source: Knuth, The TeXbook, appendix G (simplified). `em` is the size of a letter in pixels.
#pragma once

#include <string_view>
#include <vector>

#include "viz/reader/math.h"

namespace vitrine::viz {

MathBox fraction_box(const MathBox& top, const MathBox& bottom, float em);
/// @param degree  of the root, over the sign; null: a square root
MathBox root_box(const MathBox& inside, const MathBox* degree, float em);
/// A brace along the lower edge, or the upper one.
MathBox braced_box(const MathBox& inside, bool over, float em);
/// What stands centred above and below, as at a sum; either may be null.
MathBox limits_box(const MathBox& base, const MathBox* above, const MathBox* below, float em);
/// What stands raised and lowered behind the base; either may be null.
MathBox scripts_box(const MathBox& base, const MathBox* above, const MathBox* below, float em);
/// @param left  the cells begin at the left edge of their column; else they are centred
MathBox grid_box(const std::vector<std::vector<MathBox>>& rows, float em, bool left);
/// A delimiter drawn as high as what it encloses.
MathBox tall_delimiter(char32_t shape, float ascent, float descent, float em);

/// The character of a delimiter's command: langle, lfloor, |; 0 if it is none.
char32_t delimiter_of(std::string_view command);
/// The script form of a capital letter; 0 for another character.
char32_t script_capital(char32_t letter);

}  // namespace vitrine::viz
