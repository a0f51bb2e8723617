// The table of the gradients view: a row for each parameter, a column for each function.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "viz/views/gradients_parts.h"
#include "viz/widgets/colour.h"
#include "viz/widgets/keys.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

ImU32 error_colour(const Theme& theme, double error, double bound) {
    const auto at = [](ImU32 colour, double alpha) {
        return with_alpha(colour, static_cast<ImU32>(255.0 * alpha));
    };
    if (error < bound) return at(theme.good, 0.4);
    const double tens = std::isfinite(error) ? std::log10(error) : 0.0;  // -4 to 0 and more
    return at(theme.bad, std::clamp(1.0 + 0.14 * tens, 0.45, 1.0));
}

std::string error_text(double error) {
    if (!std::isfinite(error)) return "∞";
    char text[32];
    std::snprintf(text, sizeof text, "%.1e", error);
    return text;
}

namespace {

struct Table {
    ImVec2 low;
    float label = 0, cell = 0, row = 0;
    Index rows = 0, columns = 0;

    ImVec2 corner(Index r, Index c) const {
        return {low.x + label + static_cast<float>(c) * cell, low.y + static_cast<float>(r) * row};
    }
};

std::string number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3g", value);
    return text;
}

void draw_card(ViewContext& context, const GradientsMemory& memory, Index r, Index c) {
    const Theme& theme = context.theme;
    const GradientReport& report = *memory.report;
    const GradientRow& row = report.rows[static_cast<std::size_t>(r)];
    const double error = row.errors[static_cast<std::size_t>(c)];
    const float label = 44.0F * theme.unit;
    card_heading(theme, row.name);
    card_row(theme, context.say("Relative error", "상대 오차"), error_text(error), label);
    card_row(theme, context.say("Computed by", "계산한 것"),
             c == 0 ? context.say("all of yours", "내 함수 모두")
                    : report.columns[static_cast<std::size_t>(c)],
             label);
    card_row(theme, context.say("Length of the gradient", "기울기의 길이"), number(row.length),
             label);
    card_row(theme, context.say("Measured slope", "재어 본 비탈"), number(row.slope), label);
    card_note(theme,
              context.say("The slope is measured without any backward function: the parameter is "
                          "moved both ways along its gradient, and the loss is looked at. It "
                          "should be the gradient's length.",
                          "비탈은 역전파 없이 잰 값이에요. 파라미터를 기울기를 따라 앞뒤로 "
                          "움직이며 손실을 봐요. 기울기의 길이와 같아야 해요."),
              80.0F * theme.unit);
    end_card();
}

void draw_labels(ViewContext& context, const GradientsMemory& memory, const Table& table,
                 float head) {
    const Theme& theme = context.theme;
    ImDrawList* list = ImGui::GetWindowDrawList();
    ImFont* font = theme.fonts.small;
    for (Index c = 0; c < table.columns; ++c) {
        std::string name = memory.report->columns[static_cast<std::size_t>(c)];
        if (c == 0) name = context.say("all_together", "모두_함께");
        const std::size_t cut = name.rfind('_');  // "layer_norm" over "backward"
        const std::string lines[] = {name.substr(0, cut), name.substr(cut + 1)};
        ImVec2 at = table.corner(0, c);
        at.y -= head;
        for (const std::string& text : lines) {
            list->AddText(font, font->FontSize, at, c == 0 ? theme.text : theme.muted,
                          elided(font, text, table.cell - 2.0F).c_str());
            at.y += font->FontSize;
        }
    }
    for (Index r = 0; r < table.rows; ++r) {
        const float y = table.low.y + static_cast<float>(r) * table.row;
        list->AddText(font, font->FontSize, {table.low.x, y - 1.0F},
                      r == memory.row ? theme.text : theme.muted,
                      elided(font, memory.report->rows[static_cast<std::size_t>(r)].name,
                             table.label - 2.0F * theme.unit)
                          .c_str());
    }
}

void draw_cells(ViewContext& context, GradientsMemory& memory, const Table& table, bool hovered,
                bool pressed) {
    const Theme& theme = context.theme;
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const float space = table.row > 10.0F ? 2.0F : 1.0F;
    for (Index r = 0; r < table.rows; ++r) {
        const GradientRow& row = memory.report->rows[static_cast<std::size_t>(r)];
        for (Index c = 0; c < table.columns; ++c) {
            const ImVec2 low = table.corner(r, c);
            const ImVec2 high{low.x + table.cell - 2.0F, low.y + table.row - space};
            list->AddRectFilled(
                low, high,
                error_colour(theme, row.errors[static_cast<std::size_t>(c)], memory.report->bound),
                2.0F);
            const bool under = hovered && !memory.by_keyboard && mouse.x >= low.x &&
                               mouse.x < low.x + table.cell && mouse.y >= low.y &&
                               mouse.y < low.y + table.row;
            const bool chosen = memory.row == r && memory.column == c;
            if (under || chosen) list->AddRect(low, high, theme.accent, 2.0F, 0, 2.0F);
            if (under && pressed) {
                memory.row = r;
                memory.column = c;
            }
            if (under) {
                begin_card(theme);
                draw_card(context, memory, r, c);
            } else if (chosen && memory.by_keyboard) {
                begin_card_at(theme, {high.x, high.y});
                draw_card(context, memory, r, c);
            }
        }
    }
}

void move_by_keys(GradientsMemory& memory, const Table& table) {
    const ImGuiIO& io = ImGui::GetIO();
    if (io.MouseDelta.x != 0.0F || io.MouseDelta.y != 0.0F) memory.by_keyboard = false;
    if (!has_key_focus()) {
        memory.by_keyboard = false;
        return;
    }
    if (const ArrowStep step = arrow_step()) {
        memory.by_keyboard = true;
        memory.row = std::clamp<Index>(memory.row + step.y, 0, table.rows - 1);
        memory.column = std::clamp<Index>(memory.column + step.x, 0, table.columns - 1);
        keep_focus_here();
    }
}

/// The colours and what they mean, on one line.
void draw_legend(ViewContext& context, const GradientsMemory& memory) {
    const Theme& theme = context.theme;
    ImDrawList* list = ImGui::GetWindowDrawList();
    ImFont* font = theme.fonts.small;
    ImVec2 at = ImGui::GetCursorScreenPos();
    const auto word = [&](const std::string& text, ImU32 colour) {
        list->AddText(font, font->FontSize, at, colour, text.c_str());
        at.x += text_width(font, text) + 1.5F * theme.unit;
    };
    word(context.say("Relative error:", "상대 오차:"), theme.muted);
    const double bound = memory.report->bound;
    char least[32];
    std::snprintf(least, sizeof least, "< %g", bound);
    const std::pair<double, const char*> steps[] = {
        {0.0, least}, {1e-3, "0.001"}, {1e-2, "0.01"}, {1e-1, "0.1"}, {1.0, "≥ 1"}};
    for (const auto& [error, name] : steps) {
        const float side = font->FontSize;
        list->AddRectFilled(at, {at.x + side, at.y + side}, error_colour(theme, error, bound),
                            2.0F);
        at.x += side + theme.unit;
        word(name, theme.muted);
        at.x += theme.unit;
    }
    ImGui::Dummy({at.x - ImGui::GetCursorScreenPos().x, font->FontSize});
}

}  // namespace

void draw_gradient_table(ViewContext& context, GradientsMemory& memory, float width) {
    const Theme& theme = context.theme;
    ImFont* font = theme.fonts.small;
    draw_legend(context, memory);
    Table table;
    table.rows = static_cast<Index>(memory.report->rows.size());
    table.columns = static_cast<Index>(memory.report->columns.size());
    if (table.rows == 0) return;
    table.label = 32.0F * theme.unit;
    table.cell =
        std::min(30.0F * theme.unit, (width - table.label) / static_cast<float>(table.columns));
    table.row = font->FontSize;
    const float head = 2.0F * font->FontSize + 0.5F * theme.unit;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    table.low = {at.x, at.y + head};
    draw_labels(context, memory, table, head);
    ImGui::SetCursorScreenPos(table.low);
    const bool pressed = ImGui::InvisibleButton(
        "gradients", {table.label + table.cell * static_cast<float>(table.columns),
                      table.row * static_cast<float>(table.rows)});
    const bool hovered = ImGui::IsItemHovered();
    if (shows_key_focus()) {
        const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
        ImGui::GetWindowDrawList()->AddRect({low.x - 2.0F, low.y - 2.0F},
                                            {high.x + 2.0F, high.y + 2.0F}, theme.accent,
                                            theme.radius);
    }
    move_by_keys(memory, table);
    draw_cells(context, memory, table, hovered, pressed);
}

}  // namespace vitrine::viz
