// Rotary positions: the pairs of a key and a query as arrows that turn.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "viz/views/positions_parts.h"
#include "viz/widgets/colour.h"
#include "viz/widgets/formatted.h"
#include "viz/widgets/keys.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

constexpr Index most_circles = 9;

/// The pairs that are drawn: at most nine, from the fastest to the slowest.
std::vector<Index> drawn_pairs(const RotaryMemory& own) {
    const auto pairs = static_cast<Index>(own.rotary.frequencies.size());
    const Index count = std::min(pairs, most_circles);
    std::vector<Index> result;
    for (Index i = 0; i < count; ++i) {
        result.push_back(count > 1 ? i * (pairs - 1) / (count - 1) : 0);
    }
    return result;
}

double degrees(double radians) {
    return std::remainder(radians, 2.0 * std::numbers::pi) * 180.0 / std::numbers::pi;
}

void draw_arrow(ImVec2 centre, float length, double angle, ImU32 colour, float width) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    const auto c = static_cast<float>(std::cos(angle)), s = static_cast<float>(-std::sin(angle));
    const ImVec2 tip{centre.x + length * c, centre.y + length * s};
    const float head = std::max(4.0F, 0.16F * length);
    const ImVec2 back{tip.x - head * c, tip.y - head * s};
    list->AddLine(centre, {back.x, back.y}, colour, width);
    const ImVec2 side{-0.45F * head * s, 0.45F * head * c};
    list->AddTriangleFilled(tip, {back.x + side.x, back.y + side.y},
                            {back.x - side.x, back.y - side.y}, colour);
}

/// A pair of the run: thin as it was, thick as its position has turned it; as long as it is.
void draw_turn(const Theme& theme, ImVec2 centre, float radius, const PairTurn& turn,
               double longest, ImU32 colour) {
    const auto length = static_cast<float>(turn.length() / longest) * radius;
    const ImU32 pale = with_alpha(colour, 110);
    draw_arrow(centre, length, turn.angle(), pale, 0.25F * theme.unit);
    draw_arrow(centre, length, turn.turned_angle(), colour, 0.5F * theme.unit);
}

/// Where the circles are: as many in a row as fit, each a cell of equal size.
struct CircleGrid {
    ImVec2 low, cell;
    Index columns = 1, count = 0;

    ImVec2 centre(Index i, float line) const {
        const Index row = i / columns;
        return {low.x + (static_cast<float>(i % columns) + 0.5F) * cell.x,
                low.y + static_cast<float>(row) * cell.y + 0.5F * (cell.y - line)};
    }
    Index at(ImVec2 point) const {
        const auto x = static_cast<Index>(std::floor((point.x - low.x) / cell.x));
        const auto y = static_cast<Index>(std::floor((point.y - low.y) / cell.y));
        const Index i = y * columns + x;
        return x >= 0 && x < columns && y >= 0 && i < count ? i : -1;
    }
};

CircleGrid place_circles(Index count, ImVec2 low, ImVec2 size) {
    CircleGrid best;
    float largest = 0.0F;
    for (Index columns = 1; columns <= count; ++columns) {
        const Index rows = (count + columns - 1) / columns;
        const ImVec2 cell{size.x / static_cast<float>(columns), size.y / static_cast<float>(rows)};
        const float side = std::min(cell.x, cell.y);
        if (side > largest) {
            largest = side;
            best = {low, cell, columns, count};
        }
    }
    // No more room than the circles need, so that their rows stay together.
    best.cell.y = std::min(best.cell.y, 1.25F * best.cell.x);
    return best;
}

void draw_circle(ViewContext& context, const PositionsMemory& memory, const CircleGrid& grid,
                 Index i, Index pair, bool seen) {
    const Theme& theme = context.theme;
    ImDrawList* list = ImGui::GetWindowDrawList();
    ImFont* font = theme.fonts.small;
    const float line = font->FontSize + theme.unit;
    const ImVec2 centre = grid.centre(i, line);
    const float radius = 0.5F * std::min(grid.cell.x, grid.cell.y - line) - 2.0F * theme.unit;
    const double speed = static_cast<double>(memory.rotary.rotary.frequencies(pair));
    const double key = speed * static_cast<double>(memory.position);
    const double query = key + speed * static_cast<double>(memory.rotary.distance);
    list->AddCircleFilled(centre, radius, theme.background, 48);
    list->AddCircle(centre, radius, seen ? theme.accent : theme.border, 48,
                    seen ? 0.4F * theme.unit : 1.0F);
    list->AddLine(centre, {centre.x + radius, centre.y}, theme.border);
    const ImU32 key_colour = theme.diverging(-0.8F);
    const auto p = static_cast<std::size_t>(pair);
    const RotaryMemory& own = memory.rotary;
    if (p < own.query.size() && p < own.key.size()) {
        draw_turn(theme, centre, 0.92F * radius, own.key[p], own.longest, key_colour);
        draw_turn(theme, centre, 0.92F * radius, own.query[p], own.longest, theme.accent);
    } else {
        draw_arrow(centre, 0.92F * radius, key, key_colour, 0.5F * theme.unit);
        draw_arrow(centre, 0.92F * radius, query, theme.accent, 0.5F * theme.unit);
    }
    const std::string text = context.say("pair ", "짝 ") + std::to_string(pair);
    list->AddText(font, font->FontSize,
                  {centre.x - 0.5F * text_width(font, text), centre.y + radius + theme.unit},
                  theme.muted, text.c_str());
}

/// "Query  0.50, 1.64, length 1.71", "before 73.0°, after 98.1°"
void draw_turn_rows(ViewContext& context, const char* name, const PairTurn& turn, float column) {
    const Theme& theme = context.theme;
    card_row(theme, name,
             formatted("%.2f", turn.a) + ", " + formatted("%.2f", turn.b) +
                 context.say(", length ", ", 길이 ") + formatted("%.2f", turn.length()),
             column);
    card_row(theme, context.say("  angle", "  각도"),
             formatted("%.1f", degrees(turn.angle())) + "° → " +
                 formatted("%.1f", degrees(turn.turned_angle())) + "°",
             column);
    card_row(theme, context.say("  after the turn", "  돌린 뒤"),
             formatted("%.2f", turn.turned_a) + ", " + formatted("%.2f", turn.turned_b), column);
}

void draw_circle_card(ViewContext& context, const PositionsMemory& memory, Index pair,
                      const ImVec2* anchor) {
    const Theme& theme = context.theme;
    if (anchor != nullptr) {
        begin_card_at(theme, *anchor);
    } else {
        begin_card(theme);
    }
    const double speed = static_cast<double>(memory.rotary.rotary.frequencies(pair));
    const double key = speed * static_cast<double>(memory.position);
    const double between = speed * static_cast<double>(memory.rotary.distance);
    const float column = 34.0F * theme.unit;
    card_heading(theme, context.say("Pair ", "짝 ") + std::to_string(pair));
    card_row(theme, context.say("A position turns it", "위치 하나에"),
             formatted("%.4g", speed * 180.0 / std::numbers::pi) + "°", column);
    card_row(theme, context.say("A full turn takes", "한 바퀴는"),
             formatted("%.4g", 2.0 * std::numbers::pi / speed) + context.say(" positions", " 위치"),
             column);
    const auto p = static_cast<std::size_t>(pair);
    if (p < memory.rotary.query.size() && p < memory.rotary.key.size()) {
        draw_turn_rows(context, context.say("Query", "쿼리"), memory.rotary.query[p], column);
        draw_turn_rows(context, context.say("Key", "키"), memory.rotary.key[p], column);
        end_card();
        return;
    }
    card_row(theme, context.say("Key stands at", "키의 각도"),
             formatted("%.1f", degrees(key)) + "°", column);
    card_row(theme, context.say("Query stands at", "쿼리의 각도"),
             formatted("%.1f", degrees(key + between)) + "°", column);
    card_row(theme, context.say("Angle between", "둘 사이의 각도"),
             formatted("%.1f", degrees(between)) + "°", column);
    end_card();
}

void move_by_keys(RotaryMemory& own, const CircleGrid& grid, bool focused) {
    const ImGuiIO& io = ImGui::GetIO();
    if (!focused || io.MouseDelta.x != 0.0F || io.MouseDelta.y != 0.0F) own.by_keyboard = false;
    if (!focused) return;
    if (const ArrowStep step = arrow_step()) {
        const Index to = own.key_circle + step.x + step.y * grid.columns;
        if (own.by_keyboard && to >= 0 && to < grid.count) own.key_circle = to;
        own.by_keyboard = true;
        keep_focus_here();
    }
    own.key_circle = std::clamp<Index>(own.key_circle, 0, grid.count - 1);
}

}  // namespace

void draw_rotary_circles(ViewContext& context, PositionsMemory& memory, ImVec2 size) {
    RotaryMemory& own = memory.rotary;
    const Theme& theme = context.theme;
    refresh_arrows(context, memory);
    const std::vector<Index> pairs = drawn_pairs(own);
    const CircleGrid grid =
        place_circles(static_cast<Index>(pairs.size()), ImGui::GetCursorScreenPos(), size);
    const Index rows = (grid.count + grid.columns - 1) / grid.columns;
    ImGui::InvisibleButton("circles", {size.x, static_cast<float>(rows) * grid.cell.y});
    const bool hovered = ImGui::IsItemHovered();
    const bool ring = shows_key_focus();
    move_by_keys(own, grid, has_key_focus());
    Index seen = -1;
    if (own.by_keyboard) {
        seen = own.key_circle;
    } else if (hovered) {
        seen = grid.at(ImGui::GetIO().MousePos);
    }
    own.seen_circle = static_cast<int>(seen);
    for (Index i = 0; i < grid.count; ++i) {
        draw_circle(context, memory, grid, i, pairs[static_cast<std::size_t>(i)], i == seen);
    }
    if (ring) {
        ImGui::GetWindowDrawList()->AddRect(
            grid.low, {grid.low.x + size.x, grid.low.y + static_cast<float>(rows) * grid.cell.y},
            theme.accent, theme.radius);
    }
    if (seen < 0) return;
    const ImVec2 anchor = grid.centre(seen, 0.0F);
    draw_circle_card(context, memory, pairs[static_cast<std::size_t>(seen)],
                     own.by_keyboard ? &anchor : nullptr);
}

}  // namespace vitrine::viz
