#include "viz/widgets/rotated_text.h"

#include <cmath>

namespace vitrine::viz {

void draw_rotated_text(ImDrawList* list, ImFont* font, ImVec2 start, float angle, ImU32 colour,
                       std::string_view text) {
    const int first = list->VtxBuffer.Size;
    const ImVec2 flat{start.x, start.y - font->FontSize / 2.0F};
    // RenderText leaves out what lies outside the clip rectangle before we turn it: give it none.
    const ImVec4 everything{-1e7F, -1e7F, 1e7F, 1e7F};
    font->RenderText(list, font->FontSize, flat, colour, everything, text.data(),
                     text.data() + text.size());
    const float cosine = std::cos(angle);
    const float sine = std::sin(angle);
    for (int i = first; i < list->VtxBuffer.Size; ++i) {
        ImVec2& at = list->VtxBuffer[i].pos;
        const ImVec2 from{at.x - start.x, at.y - start.y};
        at = {start.x + cosine * from.x - sine * from.y, start.y + sine * from.x + cosine * from.y};
    }
}

}  // namespace vitrine::viz
