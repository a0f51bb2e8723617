#include "viz/widgets/curves.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "viz/widgets/keys.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

struct Plot {
    ImVec2 low, high;
    Index count = 0;
    float from = 0.0F, to = 1.0F;
    Index stride = 1;  // the axis shows a point's number times this

    float x(Index i) const { return x(static_cast<float>(i)); }
    float x(float i) const {
        const float part = count > 1 ? i / static_cast<float>(count - 1) : 0.5F;
        return low.x + part * (high.x - low.x);
    }
    float y(float value) const {
        const float part = (value - from) / (to - from);
        return high.y - std::clamp(part, 0.0F, 1.0F) * (high.y - low.y);
    }
};

std::string tick_text(double value, double step) {
    char text[32];
    const int digits = std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
    std::snprintf(text, sizeof text, "%.*f", digits, std::abs(value) < 1e-9 ? 0.0 : value);
    return text;
}

/// The widest number beside the axis upwards.
float number_room(const Theme& theme, const CurvesInput& input, double step) {
    float room = 0.0F;
    const double from = std::ceil(static_cast<double>(input.low) / step) * step;
    for (double v = from; v <= static_cast<double>(input.high) + 1e-9; v += step) {
        room = std::max(room, text_width(theme.fonts.small, tick_text(v, step)));
    }
    return room;
}

void draw_axes(const Theme& theme, const CurvesInput& input, const Plot& plot, double step) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    ImFont* font = theme.fonts.small;
    const float line = font->FontSize;
    const double from = std::ceil(static_cast<double>(input.low) / step) * step;
    for (double v = from; v <= static_cast<double>(input.high) + 1e-9; v += step) {
        const float y = plot.y(static_cast<float>(v));
        list->AddLine({plot.low.x, y}, {plot.high.x, y}, theme.border);
        const std::string text = tick_text(v, step);
        list->AddText(font, line,
                      {plot.low.x - 1.5F * theme.unit - text_width(font, text), y - 0.5F * line},
                      theme.muted, text.c_str());
    }
    const float y = plot.high.y + theme.unit;
    const double across =
        tick_step(static_cast<double>((plot.count - 1) * plot.stride),
                  std::max(2, static_cast<int>((plot.high.x - plot.low.x) / (14.0F * theme.unit))));
    const auto stride = std::max<Index>(1, static_cast<Index>(across));
    const Index first = input.first * plot.stride, last = first + (plot.count - 1) * plot.stride;
    float free_from = plot.low.x;
    for (Index v = (first / stride) * stride; v <= last; v += stride) {
        if (v < first) continue;
        const float x = plot.x(static_cast<float>(v - first) / static_cast<float>(plot.stride));
        const std::string text = std::to_string(v);
        const float wide = text_width(font, text);
        list->AddLine({x, plot.high.y}, {x, plot.high.y + 0.75F * theme.unit}, theme.border);
        const float left = std::min(x - 0.5F * wide, plot.high.x + theme.unit - wide);
        if (left + 0.5F < free_from - wide) continue;
        list->AddText(font, line, {left, y}, theme.muted, text.c_str());
        free_from = left + wide + theme.unit;
    }
    const float wide = text_width(font, input.x_title);
    list->AddText(font, line, {0.5F * (plot.low.x + plot.high.x - wide), y + line}, theme.muted,
                  input.x_title);
}

void draw_lines(const Theme& theme, const CurvesInput& input, const Plot& plot) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    for (const Curve& curve : input.curves) {
        const std::size_t count = curve.values.size();
        const float width = std::max(1.25F, curve.width * theme.unit);
        for (std::size_t i = 0; i < count; ++i) {
            if (!std::isfinite(curve.values[i])) {
                list->PathStroke(curve.colour, 0, width);
                continue;
            }
            const ImVec2 at{plot.x(static_cast<Index>(i)),
                            plot.y(static_cast<float>(curve.values[i]))};
            if (input.steps && i > 0) {
                // Only the corners of a step: more points on one line would blur it.
                const bool level = curve.values[i] == curve.values[i - 1];
                if (level && i + 1 < count) continue;
                if (!level)
                    list->PathLineTo({at.x, plot.y(static_cast<float>(curve.values[i - 1]))});
            }
            list->PathLineTo(at);
        }
        list->PathStroke(curve.colour, 0, width);
    }
}

/// The names of the curves, right above the plot.
void draw_legend(const Theme& theme, const CurvesInput& input, ImVec2 right_end) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    ImFont* font = theme.fonts.small;
    float x = right_end.x;
    for (std::size_t k = input.curves.size(); k-- > 0;) {
        const Curve& curve = input.curves[k];
        if (curve.name.empty()) continue;
        x -= text_width(font, curve.name);
        list->AddText(font, font->FontSize, {x, right_end.y}, theme.text, curve.name.c_str());
        const float middle = right_end.y + 0.5F * font->FontSize;
        list->AddLine({x - 5.0F * theme.unit, middle}, {x - 1.5F * theme.unit, middle},
                      curve.colour, 0.5F * theme.unit);
        x -= 8.0F * theme.unit;
    }
}

bool has_legend(const CurvesInput& input) {
    return *input.y_title != '\0' ||
           std::any_of(input.curves.begin(), input.curves.end(),
                       [](const Curve& curve) { return !curve.name.empty(); });
}

void move_by_keys(const CurvesInput& input, CurvesState& state, Index count, bool focused) {
    const ImGuiIO& io = ImGui::GetIO();
    if (!focused || io.MouseDelta.x != 0.0F || io.MouseDelta.y != 0.0F) state.by_keyboard = false;
    if (!focused) return;
    if (state.key < 0) state.key = std::max<Index>(0, input.chosen);
    const ArrowStep step = arrow_step();
    if (step.x != 0) {  // up and down go on to what stands above and below
        state.key += step.x;
        state.by_keyboard = true;
        keep_focus_here();
    }
    state.key = std::clamp<Index>(state.key, 0, count - 1);
}

void draw_seen(const Theme& theme, const CurvesInput& input, const Plot& plot, Index i,
               ImU32 colour) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float x = plot.x(i);
    list->AddLine({x, plot.low.y}, {x, plot.high.y}, colour, std::max(1.0F, 0.3F * theme.unit));
    for (const Curve& curve : input.curves) {
        if (i >= static_cast<Index>(curve.values.size())) continue;
        const Real value = curve.values[static_cast<std::size_t>(i)];
        if (!std::isfinite(value)) continue;
        const float y = plot.y(static_cast<float>(value));
        list->AddCircleFilled({x, y}, 0.9F * theme.unit, curve.colour);
        list->AddCircle({x, y}, 0.9F * theme.unit, theme.surface);
    }
}

}  // namespace

void begin_curve_card(const Theme& theme, const CurvesAnswer& answer) {
    if (answer.by_keyboard) {
        begin_card_at(theme, answer.anchor);
    } else {
        begin_card(theme);
    }
}

double tick_step(double span, int most) {
    if (span <= 0.0) return 1.0;
    const double least = span / std::max(1, most);
    const double power = std::pow(10.0, std::floor(std::log10(least)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= least * (1.0 - 1e-9)) return factor * power;
    }
    return 10.0 * power;
}

CurvesAnswer draw_curves(const Theme& theme, const CurvesInput& input, CurvesState& state) {
    CurvesAnswer answer;
    const auto count = input.count > 0        ? input.count
                       : input.curves.empty() ? Index{0}
                                              : static_cast<Index>(input.curves[0].values.size());
    if (count == 0) return answer;
    const float line = theme.fonts.small->FontSize;
    const ImVec2 origin = ImGui::GetCursorScreenPos();
    // The topmost number of the axis stands half above the plot, below the legend.
    const float top = has_legend(input) ? 1.5F * line + 0.5F * theme.unit : 0.5F * line;
    const double step =
        tick_step(static_cast<double>(input.high - input.low),
                  std::max(2, static_cast<int>((input.size.y - 4.0F * line) / (3.0F * line))));
    const float left = number_room(theme, input, step) + 1.5F * theme.unit;
    Plot plot{{origin.x + left, origin.y + top},
              {origin.x + input.size.x - 2.0F * theme.unit,
               origin.y + std::max(input.size.y - 2.0F * line - 1.5F * theme.unit, top + line)},
              count,
              input.low,
              input.high,
              input.stride};
    state.low = plot.low;
    state.high = plot.high;
    const bool pressed = ImGui::InvisibleButton(input.id, input.size);
    const bool hovered = ImGui::IsItemHovered();
    const bool held = ImGui::IsItemActive() && ImGui::GetIO().MouseDown[0];
    const bool focused = has_key_focus();
    const bool ring = shows_key_focus();
    move_by_keys(input, state, count, focused);
    answer.by_keyboard = state.by_keyboard;
    if (state.by_keyboard) {
        answer.seen = state.key;
    } else if (hovered || held) {
        const float part =
            (ImGui::GetIO().MousePos.x - plot.low.x) / std::max(1.0F, plot.high.x - plot.low.x);
        answer.seen = std::clamp<Index>(
            static_cast<Index>(std::lround(part * static_cast<float>(count - 1))), 0, count - 1);
    }
    const bool enter = focused && key_pressed(ImGuiKey_Enter, false);
    if (pressed || held || enter) answer.clicked = answer.seen;
    if (answer.clicked >= 0) state.key = answer.clicked;  // arrows go on from here
    draw_axes(theme, input, plot, step);
    if (input.chosen >= 0 && input.chosen < count) {
        const float x = plot.x(input.chosen);
        ImGui::GetWindowDrawList()->AddLine({x, plot.low.y}, {x, plot.high.y}, theme.accent,
                                            std::max(1.0F, 0.3F * theme.unit));
    }
    draw_lines(theme, input, plot);
    if (has_legend(input)) draw_legend(theme, input, {plot.high.x, origin.y});
    ImGui::GetWindowDrawList()->AddText(theme.fonts.small, line, origin, theme.muted,
                                        input.y_title);
    if (answer.seen >= 0) draw_seen(theme, input, plot, answer.seen, theme.text);
    if (ring) {
        ImGui::GetWindowDrawList()->AddRect({plot.low.x - 1.0F, plot.low.y - 1.0F},
                                            {plot.high.x + 1.0F, plot.high.y + 1.0F}, theme.accent,
                                            0.0F, 0, 0.5F * theme.unit);
    }
    if (answer.seen >= 0) answer.anchor = {plot.x(answer.seen) + theme.unit, plot.low.y};
    return answer;
}

}  // namespace vitrine::viz
