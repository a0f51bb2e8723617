// Beside the table of the gradients view: the chosen parameter, entry by entry.
#include <algorithm>
#include <cstdio>

#include "viz/views/gradients_parts.h"
#include "viz/widgets/tooltip.h"

namespace vitrine::viz {

namespace {

void paint(ViewContext& context, GradientsMemory& memory, const GradientRow& row) {
    if (memory.painted == memory.report.get() && memory.painted_row == memory.row &&
        memory.painted_dark == context.theme.dark) {
        return;
    }
    Image image(static_cast<int>(row.shape[1]), static_cast<int>(row.shape[0]));
    for (std::size_t i = 0; i < row.reference.size(); ++i)
        image.pixels[i] = error_colour(context.theme, entry_error(row, i), memory.report->bound);
    memory.entries.set(context.memory.device(), std::move(image));
    memory.painted = memory.report.get();
    memory.painted_row = memory.row;
    memory.painted_dark = context.theme.dark;
}

std::string number(float value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", static_cast<double>(value));
    return text;
}

void draw_entry_card(ViewContext& context, const GradientRow& row, Index r, Index c) {
    const Theme& theme = context.theme;
    const auto entry = static_cast<std::size_t>(r * row.shape[1] + c);
    const float label = 36.0F * theme.unit;
    begin_card(theme);
    card_heading(theme, row.name + " [" + std::to_string(r) + ", " + std::to_string(c) + "]");
    card_row(theme, context.say("Under test", "시험하는 값"), number(row.mine[entry]), label);
    card_row(theme, context.say("Library", "라이브러리"), number(row.reference[entry]), label);
    card_row(theme, context.say("Relative error", "상대 오차"), error_text(entry_error(row, entry)),
             label);
    end_card();
}

}  // namespace

void draw_gradient_entries(ViewContext& context, GradientsMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    if (memory.row < 0) {
        ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + size.x);
        small_heading(theme,
                      context.say("One parameter, entry by entry", "파라미터 하나를 낱낱이"));
        caption(theme,
                context.say("Click a row, or move to it with the arrow keys.",
                            "줄을 누르거나 화살표 키로 옮겨 가세요."),
                size.x);
        ImGui::PopTextWrapPos();
        return;
    }
    const GradientRow& row = memory.report->rows[static_cast<std::size_t>(memory.row)];
    paint(context, memory, row);
    small_heading(theme, row.name + "  [" + std::to_string(row.shape[0]) + ", " +
                             std::to_string(row.shape[1]) + "]");
    caption(theme,
            context.say("Each entry of the gradient, with all functions together.",
                        "기울기를 낱낱이 본 것이에요. 함수를 모두 함께 썼어요."),
            size.x);
    const float head = 14.0F * theme.unit;
    const float cell =
        std::min({size.x / static_cast<float>(row.shape[1]),
                  (size.y - head) / static_cast<float>(row.shape[0]), 5.0F * theme.unit});
    const ImVec2 low = ImGui::GetCursorScreenPos();
    const ImVec2 high{low.x + cell * static_cast<float>(row.shape[1]),
                      low.y + cell * static_cast<float>(row.shape[0])};
    ImGui::GetWindowDrawList()->AddRectFilled(low, high, theme.surface);
    ImGui::GetWindowDrawList()->AddImage(memory.entries.id(), low, high);
    ImGui::Dummy({high.x - low.x, high.y - low.y});
    if (!ImGui::IsItemHovered()) return;
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const auto r =
        std::clamp<Index>(static_cast<Index>((mouse.y - low.y) / cell), 0, row.shape[0] - 1);
    const auto c =
        std::clamp<Index>(static_cast<Index>((mouse.x - low.x) / cell), 0, row.shape[1] - 1);
    draw_entry_card(context, row, r, c);
}

}  // namespace vitrine::viz
