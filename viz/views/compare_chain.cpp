// The table of the chain: a row for each step, a column for each block.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "viz/views/compare_parts.h"
#include "viz/widgets/colour.h"
#include "viz/widgets/colour_scale.h"
#include "viz/widgets/keys.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

/// Equal cells are quiet; of those that differ the worse is the stronger.
ImU32 colour_of(const Theme& theme, const CompareCell& cell) {
    if (cell.compared == nullptr) return theme.background;
    const runner::StepReport& step = *cell.compared;
    const auto at = [](ImU32 colour, float alpha) {
        return with_alpha(colour, static_cast<ImU32>(255.0F * alpha));
    };
    if (step.equal) return at(theme.good, 0.35F);
    const double size = std::isfinite(step.largest) ? std::log10(step.largest) : 2.0;
    return at(theme.bad, static_cast<float>(std::clamp(0.5 + 0.15 * (size + 3), 0.45, 1.0)));
}

void draw_step_card(ViewContext& context, const CompareCell& cell) {
    const Theme& theme = context.theme;
    card_heading(theme, cell.name);
    if (cell.compared == nullptr) {
        card_note(theme,
                  context.say("Not compared: these parts compute it or do without, but no tap() "
                              "hands it on. That is no mistake; a tap(record, ...) line in your "
                              "function would show it here.",
                              "비교하지 않았어요. 이 부품은 이 값을 tap()으로 넘겨주지 않아요. "
                              "틀린 것은 아니에요. 함수에 tap(record, ...) 한 줄을 쓰면 여기에 "
                              "나타나요."),
                  80.0F * theme.unit);
        end_card();
        return;
    }
    const runner::StepReport& step = *cell.compared;
    char text[32] = "∞";
    if (std::isfinite(step.largest)) std::snprintf(text, sizeof text, "%.2e", step.largest);
    card_row(theme, context.say("Largest difference", "가장 큰 차이"), text, 40.0F * theme.unit);
    card_row(theme, context.say("Verdict", "판정"),
             step.equal ? context.say("equal but for rounding", "반올림만 빼면 같아요")
                        : context.say("different", "달라요"),
             40.0F * theme.unit);
    card_note(theme,
              context.say("Click to see these activations.", "누르면 이 활성값을 볼 수 있어요."),
              70.0F * theme.unit);
    end_card();
}

struct Table {
    ImVec2 low;
    float label = 0, cell = 0, row = 0;
    Index rows = 0, columns = 0;
};

void open_step(ViewContext& context, const CompareMemory& memory, Index row, Index column) {
    const std::string& step = memory.grid.steps[static_cast<std::size_t>(row)];
    const std::string layer = std::to_string(column);
    const bool is_attention = step == "attn.pattern" || step == "attn.scores";
    context.wishes.open_link = is_attention ? "view:attention?layer=" + layer
                                            : "view:activations?layer=" + layer + "&step=" + step;
}

void draw_cells(ViewContext& context, CompareMemory& memory, const Table& table, bool hovered,
                bool pressed) {
    const Theme& theme = context.theme;
    ImDrawList* list = ImGui::GetWindowDrawList();
    ImFont* font = theme.fonts.small;
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    for (Index r = 0; r < table.rows; ++r) {
        const float y = table.low.y + static_cast<float>(r) * table.row;
        const std::string& step = memory.grid.steps[static_cast<std::size_t>(r)];
        list->AddText(font, font->FontSize, {table.low.x, y + 0.5F * (table.row - font->FontSize)},
                      theme.muted, elided(font, step, table.label - 2.0F * theme.unit).c_str());
        for (Index c = 0; c < table.columns; ++c) {
            const CompareCell& cell =
                memory.grid.cells[static_cast<std::size_t>(r * table.columns + c)];
            if (cell.name.empty()) continue;
            const float x = table.low.x + table.label + static_cast<float>(c) * table.cell;
            const ImVec2 low{x, y}, high{x + table.cell - 2.0F, y + table.row - 2.0F};
            list->AddRectFilled(low, high, colour_of(theme, cell), 2.0F);
            if (cell.compared == nullptr) draw_hatching(list, low, high, theme);
            const bool is_first = cell.name == memory.report->first;
            const bool under = hovered && mouse.x >= low.x && mouse.x < low.x + table.cell &&
                               mouse.y >= low.y && mouse.y < low.y + table.row;
            const bool by_key = memory.by_keyboard && memory.row == r && memory.column == c;
            if (is_first || under || by_key)
                list->AddRect(low, high, is_first ? theme.bad : theme.accent, 2.0F, 0, 2.0F);
            if (by_key) {
                begin_card_at(theme, {high.x, high.y});
                draw_step_card(context, cell);
            } else if (under && !memory.by_keyboard) {
                begin_card(theme);
                draw_step_card(context, cell);
                if (pressed) open_step(context, memory, r, c);
            }
        }
    }
}

/// What comes before or behind the blocks, as a row of named cells.
void draw_outside(ViewContext& context, const std::vector<CompareCell>& steps, const char* id) {
    const Theme& theme = context.theme;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (i > 0) ImGui::SameLine(0.0F, theme.unit);
        const CompareCell& step = steps[i];
        const bool quiet = step.compared == nullptr || step.compared->equal;
        ImGui::PushID(id);
        ImGui::PushStyleColor(ImGuiCol_Button, colour_of(theme, step));
        ImGui::PushStyleColor(ImGuiCol_Text, quiet ? theme.text : theme.text_on(theme.bad));
        ImGui::PushFont(theme.fonts.small);
        if (ImGui::Button(step.name.c_str())) {
            const bool in_next = step.name == "logits";
            context.wishes.open_link = in_next ? "view:next" : "view:activations?step=" + step.name;
        }
        ImGui::PopFont();
        ImGui::PopStyleColor(2);
        ImGui::PopID();
        if (ImGui::IsItemHovered()) {
            begin_card(theme);
            draw_step_card(context, step);
        }
    }
}

void move_by_keys(ViewContext& context, CompareMemory& memory, const Table& table) {
    const ImGuiIO& io = ImGui::GetIO();
    if (io.MouseDelta.x != 0.0F || io.MouseDelta.y != 0.0F) memory.by_keyboard = false;
    if (!has_key_focus()) return;
    if (const ArrowStep step = arrow_step()) {
        memory.by_keyboard = true;
        memory.row += step.y;
        memory.column += step.x;
        keep_focus_here();
    }
    memory.row = std::clamp<Index>(memory.row, 0, table.rows - 1);
    memory.column = std::clamp<Index>(memory.column, 0, table.columns - 1);
    if (memory.by_keyboard && key_pressed(ImGuiKey_Enter, false))
        open_step(context, memory, memory.row, memory.column);
}

/// How many activations have nothing to be compared with, below the table; the names on hover.
void draw_uncompared(ViewContext& context, const runner::PartsReport& report, float width) {
    if (report.unrecorded.empty()) return;
    const Theme& theme = context.theme;
    char text[200];
    std::snprintf(
        text, sizeof text,
        context.say("%d more are not compared (hatched): these parts have no tap() that "
                    "hands them on.",
                    "%d개는 비교하지 않았어요(빗금). 이 부품에는 그 값을 넘겨주는 tap()이 "
                    "없어요."),
        static_cast<int>(report.unrecorded.size()));
    ImGui::BeginGroup();
    caption(theme, text, width);
    ImGui::EndGroup();
    if (!ImGui::IsItemHovered()) return;
    begin_card(theme);
    constexpr std::size_t most_named = 12;
    for (std::size_t i = 0; i < std::min(report.unrecorded.size(), most_named); ++i)
        ImGui::TextUnformatted(report.unrecorded[i].c_str());
    if (report.unrecorded.size() > most_named) ImGui::TextUnformatted("...");
    end_card();
}

}  // namespace

void draw_chain(ViewContext& context, CompareMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    card_heading(theme, context.say("All of them, one after the other", "모두 이어서"));
    draw_outside(context, memory.grid.before, "before");
    Table table;
    table.rows = static_cast<Index>(memory.grid.steps.size());
    table.columns = memory.grid.layers;
    if (table.rows == 0 || table.columns == 0) return;
    ImFont* font = theme.fonts.small;
    table.label = std::min(30.0F * theme.unit, 0.4F * size.x);
    table.cell =
        std::min(20.0F * theme.unit, (size.x - table.label) / static_cast<float>(table.columns));
    const float head = font->FontSize + theme.unit;
    const float used = (memory.report->unrecorded.empty() ? 26.0F : 36.0F) * theme.unit + head;
    table.row = std::clamp((size.y - used) / static_cast<float>(table.rows), 3.0F * theme.unit,
                           7.0F * theme.unit);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    table.low = {at.x, at.y + head};
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddText(font, font->FontSize, at, theme.muted, context.say("block", "블록"));
    for (Index c = 0; c < table.columns; ++c) {
        const std::string number = std::to_string(c);
        const float x = table.low.x + table.label + (static_cast<float>(c) + 0.5F) * table.cell -
                        0.5F * text_width(font, number);
        list->AddText(font, font->FontSize, {x, at.y}, theme.muted, number.c_str());
    }
    ImGui::SetCursorScreenPos(table.low);
    const bool pressed = ImGui::InvisibleButton(
        "chain", {table.label + table.cell * static_cast<float>(table.columns),
                  table.row * static_cast<float>(table.rows)});
    const bool hovered = ImGui::IsItemHovered();
    if (shows_key_focus()) {
        const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
        list->AddRect({low.x - 2.0F, low.y - 2.0F}, {high.x + 2.0F, high.y + 2.0F}, theme.accent,
                      theme.radius);
    }
    move_by_keys(context, memory, table);
    draw_cells(context, memory, table, hovered, pressed);
    draw_outside(context, memory.grid.behind, "behind");
    draw_uncompared(context, *memory.report, size.x);
}

}  // namespace vitrine::viz
