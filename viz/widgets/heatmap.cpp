#include "viz/widgets/heatmap.h"

#include <algorithm>
#include <cmath>

#include "viz/widgets/heatmap_draw.h"
#include "viz/widgets/keys.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

float widest_label(std::span<const std::string> labels, const ImFont* font) {
    float widest = 0.0F;
    for (const std::string& label : labels) widest = std::max(widest, text_width(font, label));
    return widest;
}

/// The widest label of the columns that are on the screen.
float widest_column(const HeatmapFrame& frame) {
    const CellRange shown = visible_cells(
        frame.camera.left, frame.camera.cells(frame.map_size().longer()), frame.columns());
    float widest = 0.0F;
    for (Index i = shown.first; i < shown.last; ++i) {
        widest = std::max(widest, text_width(frame.theme.fonts.small,
                                             frame.input.labels[static_cast<std::size_t>(i)]));
    }
    return widest;
}

/// Wheel, drag and the keys + - 0.
void move_camera(const HeatmapFrame& frame, HeatmapState& state, bool hovered, bool focused) {
    const ImGuiIO& io = ImGui::GetIO();
    const MapSize n = frame.map_size();
    const double limit = largest_zoom(n.longer(), frame.layout.side, frame.theme.unit);
    const double side = static_cast<double>(frame.layout.side);
    if (hovered && io.MouseWheel != 0.0F) {
        const double x = std::clamp<double>((io.MousePos.x - frame.low.x) / side, 0.0, 1.0);
        const double y = std::clamp<double>((io.MousePos.y - frame.low.y) / side, 0.0, 1.0);
        const double factor = std::pow(1.2, static_cast<double>(io.MouseWheel));
        state.camera = zoomed(state.camera, n, factor, x, y, limit);
    }
    if (ImGui::IsItemActive() && ImGui::IsMouseDragging(ImGuiMouseButton_Left)) {
        state.camera = panned(state.camera, n, static_cast<double>(io.MouseDelta.x) / side,
                              static_cast<double>(io.MouseDelta.y) / side, limit);
    }
    if (focused) {
        if (typed('+') || typed('=')) {
            state.camera = zoomed(state.camera, n, 1.25, 0.5, 0.5, limit);
        }
        if (typed('-')) state.camera = zoomed(state.camera, n, 0.8, 0.5, 0.5, limit);
        if (typed('0')) state.camera = Camera{};
    }
    state.camera = clamped(state.camera, n, limit);
}

/// Arrows, Home, End, Page Up and Page Down move the keyboard's cell; at the edge an arrow goes on
/// to the next item of the window.
void move_cell(const HeatmapFrame& frame, HeatmapState& state, bool shown) {
    const Index last_row = frame.rows() - 1, last = frame.columns() - 1;
    if ((shown && !state.focused) || state.query < 0 || state.key < 0) {
        state.query = frame.input.pinned_query >= 0 ? frame.input.pinned_query : last_row;
        state.key = frame.input.pinned_key >= 0 ? frame.input.pinned_key : last;
        state.by_keyboard = shown;
    }
    state.query = std::clamp<Index>(state.query, 0, last_row);
    state.key = std::clamp<Index>(state.key, 0, last);
    const ArrowStep step = arrow_step();
    const Index query = std::clamp<Index>(state.query + step.y, 0, last_row);
    const Index key = std::clamp<Index>(state.key + step.x, 0, last);
    bool moved = query != state.query || key != state.key;
    state.query = query;
    state.key = key;
    if (step && moved) keep_focus_here();
    const auto jump = [&](ImGuiKey name, Index& axis, Index target) {
        if (!key_pressed(name)) return;
        axis = target;
        moved = true;
    };
    jump(ImGuiKey_Home, state.key, 0);
    jump(ImGuiKey_End, state.key, last);
    jump(ImGuiKey_PageUp, state.query, 0);
    jump(ImGuiKey_PageDown, state.query, last_row);
    if (!moved) return;
    state.by_keyboard = true;
    const MapSize n = frame.map_size();
    state.camera = following(state.camera, n, state.query, state.key,
                             largest_zoom(n.longer(), frame.layout.side, frame.theme.unit));
}

void answer_pin(HeatmapAnswer& answer, Index query, Index key) {
    answer.pin = true;
    answer.pin_query = query;
    answer.pin_key = key;
}

}  // namespace

double largest_zoom(Index n, float side, float unit) {
    const float fitted = side / static_cast<float>(std::max<Index>(n, 1));
    return std::max(1.0, static_cast<double>(18.0F * unit / std::max(fitted, 0.01F)));
}

HeatmapLayout layout_heatmap(ImVec2 size, Index n, float widest_row, float widest_column,
                             float line, float unit) {
    HeatmapLayout layout;
    const float pad = 1.5F * unit;
    layout.row_label = std::min(widest_row, 0.24F * size.x);
    layout.left = layout.row_label + 2.0F * pad;
    const float title = line + pad;
    const float across = size.x - layout.left - pad;
    const auto cells = static_cast<float>(std::max<Index>(n, 1));
    // First try: labels lie flat above their columns.
    layout.column_label = line;
    layout.top = title + line + 2.0F * pad;
    layout.side = std::min(across, size.y - layout.top);
    if (widest_column + pad <= layout.side / cells) return layout;
    layout.slanted = true;
    layout.column_label = std::min(widest_column, 0.24F * size.y);
    const float rise = -std::sin(label_angle) * layout.column_label + line * 0.5F;
    const float overhang = std::cos(label_angle) * layout.column_label;
    layout.top = title + rise + pad;
    layout.side = std::max(8.0F * unit, std::min(across - overhang, size.y - layout.top));
    return layout;
}

HeatmapAnswer draw_heatmap(const Theme& theme, const HeatmapInput& input, HeatmapState& state) {
    HeatmapAnswer answer;
    if (input.n == 0 || !input.texture) return answer;
    ImFont* font = theme.fonts.small;
    HeatmapFrame frame{theme, input, {}, state.camera, ImGui::GetCursorScreenPos(), {}, {}};
    frame.layout = layout_heatmap(
        input.size, frame.map_size().longer(),
        widest_label(input.row_labels.empty() ? input.labels : input.row_labels, font),
        widest_label(input.labels, font), font->FontSize, theme.unit);
    frame.low = {frame.origin.x + frame.layout.left, frame.origin.y + frame.layout.top};
    frame.measure();
    const bool pressed = ImGui::InvisibleButton(input.id, input.size);
    const bool hovered = ImGui::IsItemHovered();
    if (hovered) own_mouse_wheel();
    const bool focused = has_key_focus();
    const bool ring = shows_key_focus();
    const ImGuiIO& io = ImGui::GetIO();
    if (io.MouseDelta.x != 0.0F || io.MouseDelta.y != 0.0F) state.by_keyboard = false;
    move_camera(frame, state, hovered, focused);
    if (focused) move_cell(frame, state, ring);
    state.focused = ring;
    frame.camera = state.camera;
    frame.measure();

    frame.slanted = frame.layout.slanted && widest_column(frame) + theme.unit > frame.cell;

    const HeatmapSpot spot = hovered ? spot_at(frame, io.MousePos) : HeatmapSpot{};
    answer.by_keyboard = focused && state.by_keyboard;
    answer.query = answer.by_keyboard ? state.query : spot.query;
    answer.key = answer.by_keyboard ? state.key : spot.key;
    const bool by_mouse = ImGui::IsMouseReleased(ImGuiMouseButton_Left);
    const float moved = ImGui::GetMouseDragDelta(ImGuiMouseButton_Left).x +
                        ImGui::GetMouseDragDelta(ImGuiMouseButton_Left).y;
    if (pressed && by_mouse && moved == 0.0F) {
        answer_pin(answer, spot.query, spot.key);
        if (spot.query >= 0) state.query = spot.query;  // arrows go on from here
        if (spot.key >= 0) state.key = spot.key;
    }
    if (focused && ((pressed && !by_mouse) || key_pressed(ImGuiKey_Enter, false))) {
        answer_pin(answer, state.query, state.key);
    }

    state.plot = frame.low;
    state.cell = frame.cell;

    ImDrawList* list = ImGui::GetWindowDrawList();
    draw_plot(frame, list);
    draw_marks(frame, list, answer.query, answer.key);
    draw_axes(frame, list, answer.query, answer.key);
    if (ring) {
        list->AddRect(frame.low, frame.high, theme.accent, 0.0F, 0, 0.5F * theme.unit);
    }
    if (answer.query >= 0 && answer.key >= 0) {
        answer.cell_low = {frame.x_of(answer.key), frame.y_of(answer.query)};
        answer.cell_high = {answer.cell_low.x + frame.cell, answer.cell_low.y + frame.cell};
    }
    return answer;
}

}  // namespace vitrine::viz
