#include "viz/widgets/colour_scale.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "viz/widgets/colour.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

float ColourScale::place(float value) const {
    const float part = std::clamp(value / largest, 0.0F, 1.0F);
    return root ? std::sqrt(part) : part;
}

float ColourScale::value(float place) const {
    return largest * (root ? place * place : place);
}

std::vector<float> legend_values(const ColourScale& scale) {
    const std::vector<float> parts = scale.root
                                         ? std::vector<float>{0.0F, 0.05F, 0.25F, 0.5F, 1.0F}
                                         : std::vector<float>{0.0F, 0.25F, 0.5F, 0.75F, 1.0F};
    std::vector<float> values;
    values.reserve(parts.size());
    for (const float part : parts) values.push_back(part * scale.largest);
    return values;
}

Image paint_map(const Real* values, Index rows, Index columns, const ColourScale& scale,
                const Theme& theme, const std::function<bool(Index row, Index column)>& hidden) {
    std::array<ImU32, 256>
        ramp{};  // 256 steps are finer than the eye; heat() is not for every cell
    for (std::size_t i = 0; i < ramp.size(); ++i) {
        ramp[i] = theme.heat(static_cast<float>(i) / 255.0F);
    }
    Image image(static_cast<int>(columns), static_cast<int>(rows));
    for (Index row = 0; row < rows; ++row) {
        for (Index column = 0; column < columns; ++column) {
            if (hidden && hidden(row, column)) continue;
            const float place = scale.place(static_cast<float>(values[row * columns + column]));
            image.at(static_cast<int>(column), static_cast<int>(row)) =
                ramp[static_cast<std::size_t>(std::lround(place * 255.0F))];
        }
    }
    return image;
}

Image paint_signed_map(const Real* values, Index rows, Index columns, float limit,
                       const Theme& theme,
                       const std::function<bool(Index row, Index column)>& hidden) {
    Image image(static_cast<int>(columns), static_cast<int>(rows));
    for (Index row = 0; row < rows; ++row) {
        for (Index column = 0; column < columns; ++column) {
            if (hidden && hidden(row, column)) continue;
            image.at(static_cast<int>(column), static_cast<int>(row)) =
                theme.diverging(static_cast<float>(values[row * columns + column]) / limit);
        }
    }
    return image;
}

Image enlarged(const Image& image, int factor, ImU32 background) {
    Image result(image.width * factor, image.height * factor, background);
    for (int y = 0; y < result.height; ++y) {
        for (int x = 0; x < result.width; ++x) {
            const ImU32 pixel = image.at(x / factor, y / factor);
            if ((pixel & IM_COL32_A_MASK) != 0) result.at(x, y) = pixel | IM_COL32_A_MASK;
        }
    }
    return result;
}

void draw_hatching(ImDrawList* list, ImVec2 low, ImVec2 high, const Theme& theme) {
    list->PushClipRect(low, high, true);
    const float step = 1.75F * theme.unit;
    const ImU32 colour = faded(theme.border, 0.55F);
    const float height = high.y - low.y;
    for (float x = low.x - height; x < high.x; x += step) {
        list->AddLine({x, high.y}, {x + height, low.y}, colour, std::max(1.0F, theme.scale));
    }
    list->PopClipRect();
}

void draw_legend(const Theme& theme, const ColourScale& scale, float width, const char* caption,
                 const char* hidden_caption) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    ImGui::PushFont(theme.fonts.small);
    ImGui::PushStyleColor(ImGuiCol_Text, theme.muted);
    ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width);
    ImGui::TextUnformatted(caption);
    ImGui::PopTextWrapPos();
    const ImVec2 origin = ImGui::GetCursorScreenPos();
    const float ramp = 2.5F * theme.unit;
    constexpr int steps = 48;
    for (int i = 0; i < steps; ++i) {
        const float from = static_cast<float>(i) / steps;
        const float to = static_cast<float>(i + 1) / steps;
        list->AddRectFilled({origin.x + from * width, origin.y},
                            {origin.x + to * width + 0.5F, origin.y + ramp},
                            theme.heat((from + to) / 2.0F));
    }
    list->AddRect(origin, {origin.x + width, origin.y + ramp}, theme.border);
    float free_from = origin.x - 1.0F;  // numbers that would touch the one before are left out
    for (const float value : legend_values(scale)) {
        char text[16];
        std::snprintf(text, sizeof text, "%.3g", static_cast<double>(value));
        const float half = text_width(theme.fonts.small, text) / 2.0F;
        const float middle = origin.x + scale.place(value) * width;
        const float left = std::clamp(middle - half, origin.x, origin.x + width - 2.0F * half);
        if (left < free_from) continue;
        list->AddLine({middle, origin.y + ramp}, {middle, origin.y + ramp + theme.unit / 2.0F},
                      theme.border);
        list->AddText({left, origin.y + ramp + theme.unit / 2.0F}, theme.muted, text);
        free_from = left + 2.0F * half + 1.5F * theme.unit;
    }
    ImGui::Dummy({width, ramp + theme.unit + ImGui::GetTextLineHeight()});
    if (hidden_caption) {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float side = ImGui::GetTextLineHeight();
        draw_hatching(list, at, {at.x + 1.6F * side, at.y + side}, theme);
        list->AddRect(at, {at.x + 1.6F * side, at.y + side}, theme.border);
        ImGui::SetCursorPosX(ImGui::GetCursorPosX() + 1.6F * side + 1.5F * theme.unit);
        ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width - 1.6F * side - 1.5F * theme.unit);
        ImGui::TextUnformatted(hidden_caption);
        ImGui::PopTextWrapPos();
    }
    ImGui::PopStyleColor();
    ImGui::PopFont();
}

}  // namespace vitrine::viz
