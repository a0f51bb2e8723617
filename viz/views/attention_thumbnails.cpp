// All heads at once: a grid of small maps, one row a layer, the average of each layer at its end.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "viz/views/attention_parts.h"
#include "viz/widgets/keys.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

/// The grid on the screen. Column H holds the averages of the layers, the corner below it that of
/// all.
struct Grid {
    ImVec2 origin;  // of the first thumbnail
    float side = 0.0F;
    float gap = 0.0F;
    float apart = 0.0F;  // extra room before the averages
    Index layers = 0, heads = 0;

    ImVec2 low(Index layer, Index head) const {
        const Index row = layer < 0 ? layers : layer;
        const Index column = head < 0 ? heads : head;
        return {origin.x + static_cast<float>(column) * (side + gap) + (head < 0 ? apart : 0.0F),
                origin.y + static_cast<float>(row) * (side + gap) + (layer < 0 ? apart : 0.0F)};
    }
    bool holds(Index layer, Index head, ImVec2 point) const {
        const ImVec2 at = low(layer, head);
        return point.x >= at.x && point.y >= at.y && point.x < at.x + side + gap &&
               point.y < at.y + side + gap;
    }
};

float row_label_width(const Theme& theme) {
    return text_width(theme.fonts.small, "00") + theme.unit;
}

/// The texture's part for one.
void draw_picture(const AttentionMemory& memory, const Grid& grid, Index layer, Index head) {
    const ImVec2 low = grid.low(layer, head);
    const float row = static_cast<float>(layer < 0 ? grid.layers : layer);
    const float column = static_cast<float>(head < 0 ? grid.heads : head);
    const float rows = static_cast<float>(grid.layers + 1);
    const float columns = static_cast<float>(grid.heads + 1);
    ImGui::GetWindowDrawList()->AddImage(
        memory.thumbnails.id(), low, {low.x + grid.side, low.y + grid.side},
        {column / columns, row / rows}, {(column + 1.0F) / columns, (row + 1.0F) / rows});
}

void draw_frame(const ViewContext& context, const Grid& grid, Index layer, Index head,
                bool hovered) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    const Theme& theme = context.theme;
    const ImVec2 low = grid.low(layer, head);
    const ImVec2 high{low.x + grid.side, low.y + grid.side};
    const bool chosen = context.stage.layer == layer && context.stage.head == head;
    list->AddRect(low, high, chosen || hovered ? theme.accent : theme.border);
    if (chosen) {
        list->AddRect({low.x - 1.0F, low.y - 1.0F}, {high.x + 1.0F, high.y + 1.0F}, theme.accent,
                      0.0F, 0, std::max(2.0F, 0.5F * theme.unit));
    }
}

/// Calls visit(layer, head) for every one; -1: an average.
template <class Visit>
void for_each_thumbnail(const Grid& grid, Visit visit) {
    for (Index layer = 0; layer < grid.layers; ++layer) {
        for (Index head = 0; head < grid.heads; ++head) visit(layer, head);
        visit(layer, Index{-1});
    }
    visit(Index{-1}, Index{-1});
}

void draw_labels(const ViewContext& context, const Grid& grid) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    const Theme& theme = context.theme;
    ImFont* font = theme.fonts.small;
    const auto centred = [&](float x, float y, const char* text, bool chosen) {
        list->AddText(font, font->FontSize, {x - text_width(font, text) / 2.0F, y},
                      chosen ? theme.accent : theme.muted, text);
    };
    const float above = grid.origin.y - font->FontSize - 0.5F * theme.unit;
    char text[8];
    const float number = text_width(font, "00") + theme.unit;  // where they are small, not each
    const auto step = static_cast<Index>(std::ceil(number / (grid.side + grid.gap)));
    for (Index head = 0; head < grid.heads; head += step) {
        std::snprintf(text, sizeof text, "%d", static_cast<int>(head));
        centred(grid.low(0, head).x + grid.side / 2.0F, above, text, context.stage.head == head);
    }
    const char* mean = context.say("avg", "평균");
    const float half = text_width(font, mean) / 2.0F;
    const float middle = grid.low(0, -1).x + grid.side / 2.0F;
    centred(std::max(middle, grid.low(0, -1).x - grid.gap + half), above, mean,
            context.stage.head < 0);
    for (Index layer = 0; layer < grid.layers; ++layer) {
        std::snprintf(text, sizeof text, "%d", static_cast<int>(layer));
        const float x = grid.origin.x - theme.unit - text_width(font, text);
        const float y = grid.low(layer, 0).y + (grid.side - font->FontSize) / 2.0F;
        list->AddText(font, font->FontSize, {x, y},
                      context.stage.layer == layer ? theme.accent : theme.muted, text);
    }
    const char* all = context.say("all layers", "모든 층");
    const ImVec2 corner = grid.low(-1, -1);
    list->AddText(font, font->FontSize,
                  {corner.x - 1.5F * theme.unit - text_width(font, all),
                   corner.y + (grid.side - font->FontSize) / 2.0F},
                  context.stage.layer < 0 ? theme.accent : theme.muted, all);
}

/// Arrow keys walk over the grid; from the last layer's average, down leads to the average of all.
void walk(ViewContext& context, const Grid& grid) {
    const ArrowStep step = arrow_step();
    if (!step) return;
    Stage& stage = context.stage;
    Index row = stage.layer < 0 ? grid.layers : stage.layer;
    Index column = stage.head < 0 ? grid.heads : stage.head;
    row = std::clamp<Index>(row + step.y, 0, column == grid.heads ? grid.layers : grid.layers - 1);
    if (row < grid.layers) column = std::clamp<Index>(column + step.x, 0, grid.heads);
    const Index layer = row == grid.layers ? -1 : row;
    const Index head = column == grid.heads ? -1 : column;
    if (layer == stage.layer && head == stage.head) return;  // at the edge focus may leave
    stage.layer = layer;
    stage.head = head;
    keep_focus_here();
}

}  // namespace

float thumbnails_width(float side, Index heads, const Theme& theme) {
    return row_label_width(theme) + static_cast<float>(heads + 1) * (side + 0.5F * theme.unit) +
           theme.unit;
}

float thumbnail_side(ImVec2 room, Index layers, Index heads, const Theme& theme) {
    const float gap = 0.5F * theme.unit;
    const float across =
        (room.x - row_label_width(theme) - theme.unit) / static_cast<float>(heads + 1) - gap;
    const float down = (room.y - 5.0F * theme.unit) / static_cast<float>(layers + 1) - gap;
    return std::clamp(std::min(across, down), 2.5F * theme.unit, 14.0F * theme.unit);
}

void draw_thumbnails(ViewContext& context, AttentionMemory& memory, float side) {
    const Theme& theme = context.theme;
    const AttentionSummary& summary = *memory.summary;
    Grid grid{ImGui::GetCursorScreenPos(),
              std::floor(side),
              0.5F * theme.unit,
              theme.unit,
              summary.layers,
              summary.heads};
    const ImVec2 top = grid.origin;
    grid.origin.x += row_label_width(theme);
    grid.origin.y += theme.fonts.small->FontSize + theme.unit;
    const ImVec2 end = grid.low(-1, -1);
    ImGui::InvisibleButton("thumbnails", {end.x + grid.side - top.x, end.y + grid.side - top.y});
    const bool clicked = ImGui::IsItemClicked();
    const bool over = ImGui::IsItemHovered();
    const bool focus_ring = shows_key_focus();
    if (has_key_focus()) walk(context, grid);

    Index under_layer = 0, under_head = 0;
    bool found = false;
    // One after the other, all of a kind: the graphics card changes its texture twice, not a
    // thousand times.
    for_each_thumbnail(grid, [&](Index layer, Index head) {
        const ImVec2 low = grid.low(layer, head);
        ImGui::GetWindowDrawList()->AddRectFilled(low, {low.x + grid.side, low.y + grid.side},
                                                  theme.background);
    });
    if (!memory.thumbnails.empty()) {
        for_each_thumbnail(
            grid, [&](Index layer, Index head) { draw_picture(memory, grid, layer, head); });
    }
    for_each_thumbnail(grid, [&](Index layer, Index head) {
        const bool hovered = over && grid.holds(layer, head, ImGui::GetIO().MousePos);
        draw_frame(context, grid, layer, head, hovered);
        if (!hovered) return;
        found = true;
        under_layer = layer;
        under_head = head;
    });
    draw_labels(context, grid);
    if (focus_ring) {
        ImGui::GetWindowDrawList()->AddRect({top.x - 2.0F, top.y - 2.0F},
                                            {end.x + grid.side + 3.0F, end.y + grid.side + 3.0F},
                                            theme.accent, theme.radius);
    }
    if (!found) return;
    begin_card(theme);
    card_heading(theme, map_title(context, under_layer, under_head));
    card_note(theme, context.say("Click to see it large.", "누르면 크게 보여요."),
              60.0F * theme.unit);
    end_card();
    if (clicked) {
        context.stage.layer = under_layer;
        context.stage.head = under_head;
    }
}

}  // namespace vitrine::viz
