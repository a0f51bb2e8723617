#include "viz/widgets/heatmap_draw.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "viz/widgets/colour.h"
#include "viz/widgets/colour_scale.h"
#include "viz/widgets/rotated_text.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

/// Numbers and thin gaps, where the cells are large enough for them.
void draw_cells(const HeatmapFrame& frame, ImDrawList* list, CellRange rows, CellRange columns) {
    const float unit = frame.theme.unit;
    if (frame.cell >= frame.input.gaps_from * unit) {
        for (Index i = columns.first; i <= columns.last; ++i) {
            const float x = std::round(frame.x_of(i));
            list->AddLine({x, frame.low.y}, {x, frame.high.y}, frame.theme.surface);
        }
        for (Index i = rows.first; i <= rows.last; ++i) {
            const float y = std::round(frame.y_of(i));
            list->AddLine({frame.low.x, y}, {frame.high.x, y}, frame.theme.surface);
        }
    }
    ImFont* font = frame.theme.fonts.small;
    if (frame.input.values == nullptr || frame.cell < 3.2F * font->FontSize) return;
    for (Index query = rows.first; query < rows.last; ++query) {
        for (Index key = columns.first; key < columns.last; ++key) {
            const ImU32 fill =
                frame.input.texture->image().at(static_cast<int>(key), static_cast<int>(query));
            if ((fill & IM_COL32_A_MASK) == 0) continue;
            char text[16];
            std::snprintf(text, sizeof text, "%.2f",
                          static_cast<double>(frame.input.values[query * frame.input.n + key]));
            const ImVec2 at{frame.x_of(key) + (frame.cell - text_width(font, text)) / 2.0F,
                            frame.y_of(query) + (frame.cell - font->FontSize) / 2.0F};
            list->AddText(font, font->FontSize, at, frame.theme.text_on(fill), text);
        }
    }
}

/// How strongly a row or column is marked.
enum class Mark { none, seen, pinned };

Mark mark_of(Index i, Index seen, Index pinned, Index elsewhere) {
    if (i == pinned) return Mark::pinned;
    return i == seen || i == elsewhere ? Mark::seen : Mark::none;
}

ImU32 label_colour(const Theme& theme, Mark mark) {
    if (mark == Mark::pinned) return theme.on_accent;
    return mark == Mark::seen ? theme.text : theme.muted;
}

void draw_row_label(const HeatmapFrame& frame, ImDrawList* list, Index i, Mark mark) {
    const Theme& theme = frame.theme;
    ImFont* font = theme.fonts.small;
    const std::string text = elided(font, frame.row_label(i), frame.layout.row_label);
    const float middle = frame.y_of(i) + frame.cell / 2.0F;
    if (middle < frame.low.y || middle > frame.high.y) return;
    const float width = text_width(font, text);
    const float pad = theme.unit;
    const ImVec2 at{frame.low.x - 1.5F * theme.unit - width, middle - font->FontSize / 2.0F};
    if (mark != Mark::none) {
        list->AddRectFilled({at.x - pad, at.y - 1.0F},
                            {at.x + width + pad, at.y + font->FontSize + 1.0F},
                            mark == Mark::pinned ? theme.accent : theme.raised, theme.unit);
    }
    list->AddText(font, font->FontSize, at, label_colour(theme, mark), text.c_str());
}

void draw_column_label(const HeatmapFrame& frame, ImDrawList* list, Index i, Mark mark) {
    const Theme& theme = frame.theme;
    ImFont* font = theme.fonts.small;
    const std::string& label = frame.input.labels[static_cast<std::size_t>(i)];
    const float middle = frame.x_of(i) + frame.cell / 2.0F;
    if (middle < frame.low.x || middle > frame.high.x) return;
    const float pad = theme.unit;
    const ImU32 fill = mark == Mark::pinned ? theme.accent : theme.raised;
    if (!frame.slanted) {
        const float width = text_width(font, label);
        const ImVec2 at{middle - width / 2.0F, frame.low.y - 1.5F * pad - font->FontSize};
        if (mark != Mark::none) {
            list->AddRectFilled({at.x - pad, at.y - 1.0F},
                                {at.x + width + pad, at.y + font->FontSize + 1.0F}, fill, pad);
        }
        list->AddText(font, font->FontSize, at, label_colour(theme, mark), label.c_str());
        return;
    }
    const std::string text = elided(font, label, frame.layout.column_label);
    const float width = text_width(font, text);
    const ImVec2 start{middle, frame.low.y - 1.5F * pad};
    const ImVec2 along{std::cos(label_angle), std::sin(label_angle)};
    if (mark != Mark::none) {
        const ImVec2 end{start.x + along.x * (width + pad), start.y + along.y * (width + pad)};
        list->AddLine({start.x - along.x * pad, start.y - along.y * pad}, end, fill,
                      font->FontSize + 2.0F);
    }
    draw_rotated_text(list, font, start, label_angle, label_colour(theme, mark), text);
}

void draw_titles(const HeatmapFrame& frame, ImDrawList* list) {
    const Theme& theme = frame.theme;
    ImFont* font = theme.fonts.small;
    const std::string query = std::string("↓ ") + frame.input.query_title;
    const std::string key = std::string(frame.input.key_title) + " →";
    const float key_width = text_width(font, key);
    const float width = std::max(frame.input.size.x, 1.0F);
    const float gap = 4.0F * theme.unit;
    const float room = width - gap - key_width;
    list->AddText(font, font->FontSize, frame.origin, theme.muted,
                  elided(font, query, std::max(room, 10.0F * theme.unit)).c_str());
    const float right = std::min(frame.high.x, frame.origin.x + width);
    const float left =
        std::max(right - key_width, frame.origin.x + std::min(text_width(font, query), room) + gap);
    list->AddText(font, font->FontSize, {left, frame.origin.y}, theme.muted, key.c_str());
}

}  // namespace

HeatmapSpot spot_at(const HeatmapFrame& frame, ImVec2 point) {
    HeatmapSpot spot;
    const auto cell_at = [&](float from, double begin, Index n) {
        const double at = begin + static_cast<double>(from / frame.cell);
        return std::clamp<Index>(static_cast<Index>(std::floor(at)), 0, n - 1);
    };
    const bool across = point.x >= frame.low.x && point.x < frame.high.x;
    const bool down = point.y >= frame.low.y && point.y < frame.high.y;
    spot.in_plot = across && down;
    if (across && point.y < frame.high.y)
        spot.key = cell_at(point.x - frame.low.x, frame.camera.left, frame.columns());
    if (down && point.x < frame.high.x)
        spot.query = cell_at(point.y - frame.low.y, frame.camera.top, frame.rows());
    return spot;
}

void draw_plot(const HeatmapFrame& frame, ImDrawList* list) {
    const double cells = frame.camera.cells(frame.map_size().longer());
    const auto across = static_cast<double>(frame.columns());
    const auto down = static_cast<double>(frame.rows());
    list->AddRectFilled(frame.low, frame.high, frame.theme.background);
    draw_hatching(list, frame.low, frame.high, frame.theme);
    list->AddImage(frame.input.texture->id(), frame.low, frame.high,
                   {static_cast<float>(frame.camera.left / across),
                    static_cast<float>(frame.camera.top / down)},
                   {static_cast<float>(std::min(frame.camera.left + cells, across) / across),
                    static_cast<float>(std::min(frame.camera.top + cells, down) / down)});
    list->PushClipRect(frame.low, frame.high, true);
    draw_cells(frame, list, visible_cells(frame.camera.top, cells, frame.rows()),
               visible_cells(frame.camera.left, cells, frame.columns()));
    list->PopClipRect();
    list->AddRect(frame.low, frame.high, frame.theme.border);
}

void draw_marks(const HeatmapFrame& frame, ImDrawList* list, Index query, Index key) {
    const Theme& theme = frame.theme;
    list->PushClipRect(frame.low, frame.high, true);
    const auto band_row = [&](Index i, ImU32 fill) {
        list->AddRectFilled({frame.low.x, frame.y_of(i)},
                            {frame.high.x, frame.y_of(i) + frame.cell}, fill);
    };
    const auto band_column = [&](Index i, ImU32 fill) {
        list->AddRectFilled({frame.x_of(i), frame.low.y},
                            {frame.x_of(i) + frame.cell, frame.high.y}, fill);
    };
    const ImU32 seen = faded(theme.text, 0.10F);
    if (query >= 0) band_row(query, seen);
    if (key >= 0) band_column(key, seen);
    const float stroke = std::max(1.0F, 0.4F * theme.unit);
    if (frame.input.pinned_query >= 0) {
        const float y = frame.y_of(frame.input.pinned_query);
        list->AddRect({frame.low.x, y}, {frame.high.x, y + std::max(frame.cell, 2.0F)},
                      theme.accent, 0.0F, 0, stroke);
    }
    if (frame.input.pinned_key >= 0) {
        const float x = frame.x_of(frame.input.pinned_key);
        list->AddRect({x, frame.low.y}, {x + std::max(frame.cell, 2.0F), frame.high.y},
                      theme.accent, 0.0F, 0, stroke);
    }
    if (query >= 0 && key >= 0) {
        const ImVec2 low{frame.x_of(key) - 1.0F, frame.y_of(query) - 1.0F};
        list->AddRect(low, {low.x + frame.cell + 2.0F, low.y + frame.cell + 2.0F}, theme.text, 0.0F,
                      0, stroke);
    }
    list->PopClipRect();
}

void draw_axes(const HeatmapFrame& frame, ImDrawList* list, Index query, Index key) {
    draw_titles(frame, list);
    const double cells = frame.camera.cells(frame.map_size().longer());
    const float line = frame.theme.fonts.small->FontSize;
    const CellRange rows = visible_cells(frame.camera.top, cells, frame.rows());
    const CellRange columns = visible_cells(frame.camera.left, cells, frame.columns());
    const HeatmapInput& input = frame.input;
    // A marked label lies over its neighbours: those that would touch it are left out.
    const auto near = [&](Index i, Index j) {
        return j >= 0 && i != j && std::abs(static_cast<double>(i - j)) * frame.cell < line + 2.0F;
    };
    for (const Index i : labelled_cells(rows, frame.cell, line + 1.0F)) {
        if (near(i, query) || near(i, input.pinned_query)) continue;
        draw_row_label(frame, list, i, mark_of(i, query, input.pinned_query, input.marked));
    }
    for (const Index i : labelled_cells(columns, frame.cell, 1.15F * line)) {
        if (near(i, key) || near(i, input.pinned_key)) continue;
        draw_column_label(frame, list, i, mark_of(i, key, input.pinned_key, input.marked));
    }
    if (input.pinned_query >= 0) draw_row_label(frame, list, input.pinned_query, Mark::pinned);
    if (input.pinned_key >= 0) draw_column_label(frame, list, input.pinned_key, Mark::pinned);
    if (query >= 0 && query != input.pinned_query) {
        draw_row_label(frame, list, query, Mark::seen);
    }
    if (key >= 0 && key != input.pinned_key) draw_column_label(frame, list, key, Mark::seen);
}

}  // namespace vitrine::viz
