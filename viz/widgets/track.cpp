#include "viz/widgets/track.h"

#include <algorithm>
#include <cmath>

#include "viz/widgets/keys.h"

namespace vitrine::viz {

namespace {

/// The stop that the keys of this frame ask for; the chosen one if they ask for none.
Index by_keys(const TrackInput& input) {
    const auto last = static_cast<Index>(input.stops.size()) - 1;
    const ArrowStep step = arrow_step();
    Index to = input.chosen + step.x;
    if (key_pressed(ImGuiKey_Home)) to = 0;
    if (key_pressed(ImGuiKey_End)) to = last;
    return std::clamp<Index>(to, 0, last);
}

Index nearest(const TrackInput& input, float left, float length, float x) {
    const double at = static_cast<double>((x - left) / length) * static_cast<double>(input.total);
    Index best = 0;
    const auto away = [&](Index i) {
        return std::abs(static_cast<double>(input.stops[static_cast<std::size_t>(i)]) - at);
    };
    for (Index i = 1; i < static_cast<Index>(input.stops.size()); ++i)
        if (away(i) < away(best)) best = i;
    return best;
}

}  // namespace

TrackAnswer draw_track(const Theme& theme, const TrackInput& input) {
    TrackAnswer answer;
    const float height = 6.0F * theme.unit, margin = 2.0F * theme.unit;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float left = at.x + margin, length = std::max(1.0F, input.width - 2.0F * margin);
    const float middle = at.y + 0.5F * height;
    const auto x_of = [&](Index step) {
        const double part = static_cast<double>(step) / static_cast<double>(input.total);
        return left + length * static_cast<float>(std::clamp(part, 0.0, 1.0));
    };
    ImGui::InvisibleButton(input.id, {input.width, height});
    const bool hovered = ImGui::IsItemHovered();
    const bool held = ImGui::IsItemActive() && ImGui::GetIO().MouseDown[0];
    const bool focused = has_key_focus(), ring = shows_key_focus();
    if (!input.stops.empty()) {
        if (hovered || held) answer.seen = nearest(input, left, length, ImGui::GetIO().MousePos.x);
        if (held && answer.seen != input.chosen) answer.chosen = answer.seen;
        if (focused && !held) {
            const Index to = by_keys(input);
            if (to != input.chosen) {
                answer.chosen = to;
                keep_focus_here();
            }
        }
        if (ring && answer.seen < 0) {
            answer.by_keyboard = true;
            answer.seen = answer.chosen >= 0 ? answer.chosen : input.chosen;
        }
    }
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float half = 0.5F * theme.unit;
    list->AddRectFilled({left, middle - half}, {left + length, middle + half}, theme.border, half);
    list->AddRectFilled({left, middle - half}, {x_of(input.done), middle + half}, theme.accent,
                        half);
    for (std::size_t i = 0; i < input.stops.size(); ++i) {
        const ImVec2 point{x_of(input.stops[i]), middle};
        const bool chosen = static_cast<Index>(i) == input.chosen;
        const bool seen = static_cast<Index>(i) == answer.seen;
        list->AddCircleFilled(point,
                              (chosen ? 2.0F
                               : seen ? 1.5F
                                      : 1.0F) *
                                  theme.unit,
                              theme.accent);
        if (!chosen) list->AddCircleFilled(point, (seen ? 0.9F : 0.5F) * theme.unit, theme.surface);
    }
    if (ring) list->AddRect(at, {at.x + input.width, at.y + height}, theme.accent, theme.radius);
    if (answer.seen >= 0) {
        answer.anchor = {x_of(input.stops[static_cast<std::size_t>(answer.seen)]),
                         at.y + height + theme.unit};
    }
    return answer;
}

}  // namespace vitrine::viz
