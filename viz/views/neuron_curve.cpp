// The plot of the neurons view: the curve, a dot a neuron, and the histogram of what comes in.
#include <algorithm>
#include <cmath>

#include "viz/views/neurons_parts.h"
#include "viz/widgets/colour.h"
#include "viz/widgets/keys.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

std::string whole(float value) {
    return std::to_string(static_cast<int>(std::lround(value)));
}

/// Numbers at whole values below and left of the plot, and thin lines where they are.
void draw_axes(const ViewContext& context, const NeuronsMemory& memory) {
    const Theme& theme = context.theme;
    const CurvePlot& plot = memory.plot;
    ImDrawList* list = ImGui::GetWindowDrawList();
    ImFont* font = theme.fonts.small;
    const auto every = [](float range, float pixels, float room) {
        float step = 1.0F;
        while (pixels * step / range < room) step *= 2.0F;
        return step;
    };
    const float across = every(plot.right - plot.left, plot.high.x - plot.low.x, 9 * theme.unit);
    for (float x = std::ceil(plot.left / across) * across; x <= plot.right; x += across) {
        const ImVec2 at = plot.at(x, 0.0F);
        list->AddLine({at.x, plot.low.y}, {at.x, plot.high.y}, with_alpha(theme.border, 110));
        const std::string text = whole(x);
        list->AddText(font, font->FontSize,
                      {at.x - 0.5F * text_width(font, text), plot.high.y + 0.5F * theme.unit},
                      theme.muted, text.c_str());
    }
    const float up = every(plot.top - plot.bottom, plot.high.y - plot.low.y, 7 * theme.unit);
    for (float y = std::ceil(plot.bottom / up) * up; y <= plot.top; y += up) {
        const ImVec2 at = plot.at(0.0F, y);
        list->AddLine({plot.low.x, at.y}, {plot.high.x, at.y}, with_alpha(theme.border, 110));
        const std::string text = whole(y);
        list->AddText(
            font, font->FontSize,
            {plot.low.x - theme.unit - text_width(font, text), at.y - 0.5F * font->FontSize},
            theme.muted, text.c_str());
    }
    const ImVec2 zero = plot.at(0.0F, 0.0F);
    list->AddLine({plot.low.x, zero.y}, {plot.high.x, zero.y}, theme.muted);
    list->AddLine({zero.x, plot.low.y}, {zero.x, plot.high.y}, theme.muted);
}

void draw_curve(const Theme& theme, const NeuronsMemory& memory) {
    const CurvePlot& plot = memory.plot;
    std::vector<ImVec2> points;
    const auto n = memory.curve.size();
    for (std::size_t i = 0; i < n; ++i) {
        const float part = static_cast<float>(i) / static_cast<float>(n - 1);
        points.push_back(plot.at(plot.left + part * (plot.right - plot.left), memory.curve[i]));
    }
    ImGui::GetWindowDrawList()->AddPolyline(points.data(), static_cast<int>(points.size()),
                                            with_alpha(theme.muted, 150), 0, 0.5F * theme.unit);
}

ImVec2 dot_of(const NeuronsMemory& memory, Index neuron) {
    const auto n = static_cast<std::size_t>(neuron);
    return memory.plot.at(memory.inputs.curved()[n], memory.curved[n]);
}

void draw_dots(const Theme& theme, const NeuronsMemory& memory) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float radius = std::max(2.0F, 0.6F * theme.unit);
    const ImU32 quiet = with_alpha(theme.accent, 90);
    float last = -1e9F;
    for (const Index neuron : memory.order) {  // from left to right: dots on one spot are one dot
        const ImVec2 at = dot_of(memory, neuron);
        if (at.x - last < 0.75F) continue;
        last = at.x;
        list->AddCircleFilled(at, radius, quiet, 8);
    }
    for (const Index neuron : memory.strongest) {
        list->AddCircleFilled(dot_of(memory, neuron), 1.4F * radius, theme.accent, 12);
    }
    for (const Index neuron : {memory.neuron, memory.seen}) {
        if (neuron < 0) continue;
        const ImVec2 at = dot_of(memory, neuron);
        list->AddCircleFilled(at, 2.0F * radius, theme.surface, 16);
        list->AddCircleFilled(at, 1.4F * radius, neuron == memory.seen ? theme.text : theme.accent,
                              16);
        list->AddCircle(at, 2.2F * radius, neuron == memory.seen ? theme.text : theme.accent, 20,
                        0.4F * theme.unit);
    }
    // The chosen one has its name, on the side where there is room.
    const ImVec2 at = dot_of(memory, memory.neuron);
    const std::string name = std::to_string(memory.neuron);
    ImFont* font = theme.fonts.small;
    const float wide = text_width(font, name) + 3.0F * radius;
    const float x = at.x - wide > memory.plot.low.x ? at.x - wide : at.x + 3.0F * radius;
    list->AddText(font, font->FontSize, {x, at.y - font->FontSize}, theme.text, name.c_str());
}

/// The neuron whose dot is next to the pointer, or -1 if none is near.
Index dot_near(const NeuronsMemory& memory, ImVec2 point, float reach) {
    Index nearest = -1;
    float best = reach * reach;
    for (const Index neuron : memory.order) {
        const ImVec2 at = dot_of(memory, neuron);
        const float apart =
            (at.x - point.x) * (at.x - point.x) + (at.y - point.y) * (at.y - point.y);
        if (apart >= best) continue;
        best = apart;
        nearest = neuron;
    }
    return nearest;
}

/// Arrows go from dot to dot, Home and End to the ends.
void move_by_keys(NeuronsMemory& memory) {
    const ImGuiIO& io = ImGui::GetIO();
    if (io.MouseDelta.x != 0.0F || io.MouseDelta.y != 0.0F) memory.by_keyboard = false;
    if (!has_key_focus()) {
        memory.by_keyboard = false;
        return;
    }
    const Index last = static_cast<Index>(memory.order.size()) - 1;
    if (!memory.by_keyboard || memory.key_place < 0) {  // from the chosen one on
        const auto found = std::find(memory.order.begin(), memory.order.end(), memory.neuron);
        memory.key_place = found - memory.order.begin();
    }
    const ArrowStep step = arrow_step();
    Index to = std::clamp<Index>(memory.key_place + step.x, 0, last);
    if (key_pressed(ImGuiKey_Home)) to = 0;
    if (key_pressed(ImGuiKey_End)) to = last;
    if (to == memory.key_place) return;  // at the edge focus may leave
    memory.key_place = to;
    memory.by_keyboard = true;
    keep_focus_here();
}

void draw_neuron_card(const ViewContext& context, const NeuronsMemory& memory) {
    const Theme& theme = context.theme;
    if (memory.by_keyboard) {
        const ImVec2 at = dot_of(memory, memory.seen);
        begin_card_at(theme, {at.x + 2.0F * theme.unit, at.y + 2.0F * theme.unit});
    } else {
        begin_card(theme);
    }
    neuron_rows(context, memory, memory.seen);
    card_note(theme, context.say("Click to choose this neuron.", "누르면 이 뉴런을 골라요."),
              70.0F * theme.unit);
    end_card();
}

void draw_histogram(const ViewContext& context, const NeuronsMemory& memory, float height) {
    const Theme& theme = context.theme;
    const CurvePlot& plot = memory.plot;
    const ImVec2 low{plot.low.x, ImGui::GetCursorScreenPos().y};
    const float width = plot.high.x - plot.low.x;
    ImGui::Dummy({plot.high.x - ImGui::GetCursorScreenPos().x, height});
    ImDrawList* list = ImGui::GetWindowDrawList();
    const int most = std::max(1, *std::max_element(memory.bins.begin(), memory.bins.end()));
    const auto count = static_cast<float>(memory.bins.size());
    const float mouse = (ImGui::GetIO().MousePos.x - low.x) / width;
    const bool inside = ImGui::IsItemHovered() && mouse >= 0.0F && mouse < 1.0F;
    const int seen = inside ? static_cast<int>(mouse * count) : -1;
    for (std::size_t i = 0; i < memory.bins.size(); ++i) {
        const float left = low.x + width * static_cast<float>(i) / count;
        const float tall = height * static_cast<float>(memory.bins[i]) / static_cast<float>(most);
        list->AddRectFilled({left + 1.0F, low.y + height - tall},
                            {left + width / count, low.y + height},
                            static_cast<int>(i) == seen ? theme.text : theme.accent);
    }
    list->AddLine({low.x, low.y + height}, {low.x + width, low.y + height}, theme.border);
    if (seen < 0) return;
    const float step = (plot.right - plot.left) / count;
    const float from = plot.left + step * static_cast<float>(seen);
    begin_card(theme);
    card_row(theme, context.say("In, from", "들어온 값, 부터"),
             two_decimals(static_cast<double>(from)), 30.0F * theme.unit);
    card_row(theme, context.say("to", "까지"), two_decimals(static_cast<double>(from + step)),
             30.0F * theme.unit);
    card_row(theme, context.say("Neurons", "뉴런"),
             count_text(memory.bins[static_cast<std::size_t>(seen)]), 30.0F * theme.unit);
    end_card();
}

}  // namespace

ImVec2 CurvePlot::at(float in, float out) const {
    return {low.x + (in - left) / (right - left) * (high.x - low.x),
            high.y - (out - bottom) / (top - bottom) * (high.y - low.y)};
}

void draw_neuron_curve(ViewContext& context, NeuronsMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    const float line = theme.fonts.small->FontSize;
    const float top = ImGui::GetCursorScreenPos().y;
    const std::string name = curve_name(memory.kind);
    caption(theme,
            memory.gated
                ? name + context.say(": across what the gate gets, up what it lets through",
                                     ": 가로는 문에 들어온 값, 세로는 문이 내보낸 값")
                : name + context.say(": across what comes in, up what goes out",
                                     ": 가로는 들어온 값, 세로는 나온 값"),
            size.x);
    const float histogram = std::clamp(0.18F * size.y, 8.0F * theme.unit, 22.0F * theme.unit);
    const ImVec2 origin = ImGui::GetCursorScreenPos();
    const float numbers = text_width(theme.fonts.small, "-10") + 1.5F * theme.unit;
    const float height = std::max(
        30.0F * theme.unit, top + size.y - origin.y - histogram - 3.0F * line - 5.0F * theme.unit);
    CurvePlot& plot = memory.plot;
    plot.low = {origin.x + numbers, origin.y};
    plot.high = {origin.x + size.x - theme.unit, origin.y + height};
    const bool pressed = ImGui::InvisibleButton("curve", {size.x, height});
    const bool hovered = ImGui::IsItemHovered();
    const bool focused = has_key_focus();
    const bool ring = shows_key_focus();
    move_by_keys(memory);
    memory.seen = memory.by_keyboard ? memory.order[static_cast<std::size_t>(memory.key_place)]
                  : hovered          ? dot_near(memory, ImGui::GetIO().MousePos, 4.0F * theme.unit)
                                     : -1;
    draw_axes(context, memory);
    draw_curve(theme, memory);
    draw_dots(theme, memory);
    ImGui::GetWindowDrawList()->AddRect(plot.low, plot.high, ring ? theme.accent : theme.border,
                                        0.0F, 0, ring ? 0.5F * theme.unit : 1.0F);
    if (memory.seen >= 0) {
        if (pressed || (focused && key_pressed(ImGuiKey_Enter, false))) {
            choose_neuron(memory, memory.seen);
        }
        draw_neuron_card(context, memory);
    }
    ImGui::Dummy({0.0F, line});
    caption(theme,
            memory.gated
                ? context.say("How many neurons' gates get how much",
                              "문에 들어온 값마다 뉴런이 몇 개인지")
                : context.say("How many neurons get how much", "들어온 값마다 뉴런이 몇 개인지"),
            size.x);
    draw_histogram(context, memory, histogram);
}

}  // namespace vitrine::viz
