#include "viz/reader/math_parts.h"

#include <algorithm>
#include <map>
#include <string>

namespace vitrine::viz {

MathBox fraction_box(const MathBox& top, const MathBox& bottom, float em) {
    const float axis = 0.25F * em, thickness = std::max(1.0F, 0.05F * em), gap = 0.14F * em;
    MathBox box;
    const float width = std::max(top.width, bottom.width) + 0.2F * em;
    box.place(top, (width - top.width) / 2, -axis - gap - top.descent);
    box.place(bottom, (width - bottom.width) / 2, -axis + gap + bottom.ascent);
    box.rules.push_back(
        {0.04F * em, -axis - thickness / 2, width - 0.04F * em, -axis + thickness / 2});
    box.width = width;
    return box;
}

MathBox root_box(const MathBox& inside, const MathBox* degree, float em) {
    const float sign = 0.62F * em, gap = 0.12F * em, thickness = std::max(1.0F, 0.05F * em);
    // The degree stands on the sign's short arm, and moves the sign on if it is wider.
    const float before = degree == nullptr ? 0 : std::max(0.0F, degree->width - 0.3F * em);
    const float left = before + sign, top = -inside.ascent - gap;
    MathBox box;
    box.place(inside, left + 0.06F * em, 0);
    box.strokes.push_back({U'√', before, top, left, inside.descent});
    box.rules.push_back({left - thickness / 2, top - thickness / 2,
                         left + inside.width + 0.12F * em, top + thickness / 2});
    box.ascent = -top + 2 * thickness;
    box.descent = inside.descent;
    if (degree != nullptr) {
        const float arm = top + 0.5F * (inside.descent - top);
        box.place(*degree, before + 0.3F * em - degree->width, arm - 0.05F * em - degree->descent);
    }
    box.width = left + inside.width + 0.14F * em;
    return box;
}

MathBox braced_box(const MathBox& inside, bool over, float em) {
    const float gap = 0.1F * em, height = 0.3F * em;
    MathBox box = inside;
    if (over) {
        const float low = -inside.ascent - gap;
        box.strokes.push_back({U'⏞', 0, low - height, inside.width, low});
        box.ascent = inside.ascent + gap + height;
    } else {
        const float top = inside.descent + gap;
        box.strokes.push_back({U'⏟', 0, top, inside.width, top + height});
        box.descent = inside.descent + gap + height;
    }
    return box;
}

MathBox limits_box(const MathBox& base, const MathBox* above, const MathBox* below, float em) {
    float width = base.width;
    if (above != nullptr) width = std::max(width, above->width);
    if (below != nullptr) width = std::max(width, below->width);
    MathBox box;
    box.place(base, (width - base.width) / 2, 0);
    if (above != nullptr)
        box.place(*above, (width - above->width) / 2, -base.ascent - 0.15F * em - above->descent);
    if (below != nullptr)
        box.place(*below, (width - below->width) / 2, base.descent + 0.15F * em + below->ascent);
    box.width = width;
    return box;
}

MathBox scripts_box(const MathBox& base, const MathBox* above, const MathBox* below, float em) {
    MathBox box;
    box.place(base, 0, 0);
    const float x = base.width + 0.04F * em;
    float widest = 0;
    if (above != nullptr) {
        box.place(*above, x, -std::max(0.40F * em, base.ascent - 0.38F * em));
        widest = above->width;
    }
    if (below != nullptr) {
        box.place(*below, x, std::max(0.18F * em, base.descent - 0.05F * em));
        widest = std::max(widest, below->width);
    }
    box.width = x + widest + 0.05F * em;
    return box;
}

MathBox grid_box(const std::vector<std::vector<MathBox>>& rows, float em, bool left) {
    std::vector<float> widths;
    float height = 0;
    std::vector<std::pair<float, float>> extents;
    for (const auto& row : rows) {
        float ascent = 0.7F * em, descent = 0.3F * em;
        for (std::size_t c = 0; c < row.size(); ++c) {
            if (c >= widths.size()) widths.push_back(0);
            widths[c] = std::max(widths[c], row[c].width);
            ascent = std::max(ascent, row[c].ascent);
            descent = std::max(descent, row[c].descent);
        }
        extents.emplace_back(ascent, descent);
        height += ascent + descent + 0.2F * em;
    }
    MathBox box;
    float y = -height / 2 - 0.25F * em;
    for (std::size_t r = 0; r < rows.size(); ++r) {
        y += extents[r].first + 0.1F * em;
        float x = 0.15F * em;
        for (std::size_t c = 0; c < rows[r].size(); ++c) {
            box.place(rows[r][c], left ? x : x + (widths[c] - rows[r][c].width) / 2, y);
            x += widths[c] + (c + 1 < rows[r].size() ? 0.9F : 0.15F) * em;
        }
        box.width = std::max(box.width, x);
        y += extents[r].second + 0.1F * em;
    }
    return box;
}

MathBox tall_delimiter(char32_t shape, float ascent, float descent, float em) {
    MathBox box;
    box.width = (shape == U'|' ? 0.25F : shape == U'{' || shape == U'}' ? 0.5F : 0.38F) * em;
    box.ascent = ascent + 0.05F * em;
    box.descent = descent + 0.05F * em;
    box.strokes.push_back({shape, 0.06F * em, -box.ascent, box.width - 0.06F * em, box.descent});
    return box;
}

char32_t delimiter_of(std::string_view command) {
    static const std::map<std::string_view, char32_t> table{
        {"{", U'{'},      {"}", U'}'},      {"lbrace", U'{'}, {"rbrace", U'}'}, {"langle", U'⟨'},
        {"rangle", U'⟩'}, {"lfloor", U'⌊'}, {"rfloor", U'⌋'}, {"lceil", U'⌈'},  {"rceil", U'⌉'},
        {"|", U'‖'},      {"Vert", U'‖'},   {"vert", U'|'},   {"lvert", U'|'},  {"rvert", U'|'}};
    const auto found = table.find(command);
    return found == table.end() ? U'\0' : found->second;
}

char32_t script_capital(char32_t letter) {
    // Unicode had some of the alphabet before the rest of it was added.
    static const std::map<char32_t, char32_t> older{{U'B', 0x212C}, {U'E', 0x2130}, {U'F', 0x2131},
                                                    {U'H', 0x210B}, {U'I', 0x2110}, {U'L', 0x2112},
                                                    {U'M', 0x2133}, {U'R', 0x211B}};
    if (letter < U'A' || letter > U'Z') return 0;
    const auto found = older.find(letter);
    return found == older.end() ? 0x1D49C + (letter - U'A') : found->second;
}

}  // namespace vitrine::viz
