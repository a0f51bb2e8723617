// The shadow of the token table on its two principal axes.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "viz/views/embeddings_parts.h"
#include "viz/widgets/colour.h"
#include "viz/widgets/keys.h"
#include "viz/widgets/label_places.h"
#include "viz/widgets/rotated_text.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

constexpr Index sampled = 1500;  // faint points of other tokens

/// From the shadow's numbers to the screen.
struct Plot {
    const TokenTable* table = nullptr;
    ImVec2 low, high;                   // of the frame on the screen
    std::array<float, 2> from{}, to{};  // the numbers at its edges

    ImVec2 at(Index id) const {
        const auto part = [&](Index axis) {
            const auto i = static_cast<std::size_t>(axis);
            return (static_cast<float>(table->shadow(id, axis)) - from[i]) / (to[i] - from[i]);
        };
        return {low.x + part(0) * (high.x - low.x), high.y - part(1) * (high.y - low.y)};
    }
    bool holds(ImVec2 point) const {
        return point.x >= low.x && point.y >= low.y && point.x <= high.x && point.y <= high.y;
    }
};

/// The range holds nearly all tokens, and every one that has a name.
Plot make_plot(const EmbeddingsMemory& memory, ImVec2 low, ImVec2 high) {
    Plot plot{memory.table.get(), low, high, memory.table->low, memory.table->high};
    for (const ShadowPoint& point : memory.points) {
        for (std::size_t k = 0; k < 2; ++k) {
            const auto place =
                static_cast<float>(memory.table->shadow(point.id, static_cast<Index>(k)));
            plot.from[k] = std::min(plot.from[k], place);
            plot.to[k] = std::max(plot.to[k], place);
        }
    }
    for (std::size_t k = 0; k < 2; ++k) {
        const float margin = 0.06F * (plot.to[k] - plot.from[k]);
        plot.from[k] -= margin;
        plot.to[k] += margin;
    }
    return plot;
}

Index sample_step(const TokenTable& table) {
    return std::max<Index>(1, table.tokens() / sampled);
}

ImU32 faint(ImU32 colour, float part) {
    return with_alpha(colour, static_cast<ImU32>(255.0F * part));
}

ImU32 colour_of(const Theme& theme, PointKind kind) {
    return kind == PointKind::neighbour ? theme.text : theme.accent;
}

/// The token under the pointer: one with a name rather than one of the faint ones; -1: none.
int token_at(const Theme& theme, const EmbeddingsMemory& memory, const Plot& plot, ImVec2 mouse) {
    int nearest = -1;
    float best = 2.5F * theme.unit;
    const auto look = [&](int id, float bonus) {
        const ImVec2 at = plot.at(id);
        const float distance = std::hypot(at.x - mouse.x, at.y - mouse.y) - bonus;
        if (distance < best && plot.holds(at)) {
            best = distance;
            nearest = id;
        }
    };
    for (Index v = 0; v < memory.table->tokens(); v += sample_step(*memory.table)) {
        look(static_cast<int>(v), 0.0F);
    }
    for (const ShadowPoint& point : memory.points) look(point.id, theme.unit);
    return nearest;
}

void draw_cloud(const Theme& theme, const Plot& plot) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRectFilled(plot.low, plot.high, theme.background, theme.radius);
    list->AddRect(plot.low, plot.high, theme.border, theme.radius);
    const float half = std::max(1.0F, 0.3F * theme.unit);
    const ImU32 colour = faint(theme.muted, theme.dark ? 0.45F : 0.35F);
    for (Index v = 0; v < plot.table->tokens(); v += sample_step(*plot.table)) {
        const ImVec2 at = plot.at(v);
        if (!plot.holds(at)) continue;
        list->AddRectFilled({at.x - half, at.y - half}, {at.x + half, at.y + half}, colour);
    }
}

void draw_names(const Theme& theme, const EmbeddingsMemory& memory, const Plot& plot, int seen) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    ImFont* font = theme.fonts.small;
    std::vector<LabelWish> wishes;
    for (const ShadowPoint& point : memory.points) {
        wishes.push_back(
            {plot.at(point.id), {text_width(font, point.label), 0.95F * font->FontSize}});
    }
    const float pad = 0.75F * theme.unit;
    const std::vector<LabelPlace> places =
        place_labels(wishes, {plot.low.x + pad, plot.low.y + pad},
                     {plot.high.x - pad, plot.high.y - pad}, 1.75F * theme.unit);
    for (std::size_t i = 0; i < places.size(); ++i) {
        const ShadowPoint& point = memory.points[i];
        const ImU32 colour = colour_of(theme, point.kind);
        const ImVec2 at = wishes[i].point, low = places[i].low, size = wishes[i].size;
        const float radius = (point.kind == PointKind::chosen ? 1.4F : 0.9F) * theme.unit;
        if (places[i].far) {
            const ImVec2 end{std::clamp(at.x, low.x, low.x + size.x),
                             std::clamp(at.y, low.y, low.y + size.y)};
            list->AddLine(at, end, faint(theme.muted, 0.6F));
        }
        list->AddCircleFilled(at, radius, colour);
        if (point.kind == PointKind::chosen || point.id == seen) {
            list->AddCircle(at, radius + 0.75F * theme.unit, colour, 0, 0.35F * theme.unit);
        }
        if (places[i].shown) {
            list->AddRectFilled({low.x - 1.0F, low.y}, {low.x + size.x + 1.0F, low.y + size.y},
                                faint(theme.background, 0.75F), 0.5F * theme.unit);
            list->AddText(font, font->FontSize, low, colour, point.label.c_str());
        }
    }
}

void draw_axes(ViewContext& context, const EmbeddingsMemory& memory, const Plot& plot) {
    const Theme& theme = context.theme;
    ImDrawList* list = ImGui::GetWindowDrawList();
    ImFont* font = theme.fonts.small;
    const auto caption = [&](const char* format, std::size_t axis) {
        char text[96];
        std::snprintf(text, sizeof text, format, 100.0 * memory.table->axes.share[axis]);
        return std::string(text);
    };
    const std::string across = caption(
        context.say("first axis: %.1f %% of the differences →", "첫째 축: 차이의 %.1f %% →"), 0);
    const std::string up =
        caption(context.say("second axis: %.1f %% →", "둘째 축: 차이의 %.1f %% →"), 1);
    const float wide = text_width(font, across);
    list->AddText(font, font->FontSize,
                  {0.5F * (plot.low.x + plot.high.x - wide), plot.high.y + 0.5F * theme.unit},
                  theme.muted, across.c_str());
    const float tall = text_width(font, up);
    draw_rotated_text(
        list, font,
        {plot.low.x - theme.unit - 0.5F * font->FontSize, 0.5F * (plot.low.y + plot.high.y + tall)},
        -1.5707963F, theme.muted, up);
}

/// Left and right go through the tokens with a name; Enter chooses.
int move_by_keys(EmbeddingsMemory& memory, bool focused) {
    ShadowState& state = memory.shadow;
    const ImGuiIO& io = ImGui::GetIO();
    if (!focused || io.MouseDelta.x != 0.0F || io.MouseDelta.y != 0.0F) state.by_keyboard = false;
    const auto count = static_cast<Index>(memory.points.size());
    if (!focused || count == 0) return -1;
    if (const ArrowStep step = arrow_step()) {
        // The first arrow shows where the keyboard is.
        if (state.by_keyboard) state.key_point += step.x + step.y;
        state.by_keyboard = true;
        keep_focus_here();
    }
    state.key_point = (state.key_point + count) % count;
    const int id = memory.points[static_cast<std::size_t>(state.key_point)].id;
    return state.by_keyboard && key_pressed(ImGuiKey_Enter, false) ? id : -1;
}

}  // namespace

int draw_shadow(ViewContext& context, EmbeddingsMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    const float margin = theme.fonts.small->FontSize + 1.5F * theme.unit;
    const ImVec2 origin = ImGui::GetCursorScreenPos();
    const ImVec2 low{origin.x + margin, origin.y};
    const ImVec2 high{origin.x + size.x, origin.y + std::max(size.y - margin, 8.0F * theme.unit)};
    const bool pressed = ImGui::InvisibleButton("shadow", size);
    const bool hovered = ImGui::IsItemHovered();
    const bool ring = shows_key_focus();
    const int entered = move_by_keys(memory, has_key_focus());
    const Plot plot = make_plot(memory, low, high);
    memory.shadow.low = low;
    memory.shadow.high = high;
    int seen = -1;
    if (memory.shadow.by_keyboard) {
        seen = memory.points[static_cast<std::size_t>(memory.shadow.key_point)].id;
    } else if (hovered) {
        seen = token_at(theme, memory, plot, ImGui::GetIO().MousePos);
    }
    draw_cloud(theme, plot);
    draw_axes(context, memory, plot);
    draw_names(theme, memory, plot, seen >= 0 ? seen : memory.pointed);
    if (ring) {
        ImGui::GetWindowDrawList()->AddRect(plot.low, plot.high, theme.accent, theme.radius, 0,
                                            0.5F * theme.unit);
    }
    if (seen >= 0) {
        const ImVec2 at = plot.at(seen);
        const ImVec2 anchor{at.x + 2.0F * theme.unit, at.y + 2.0F * theme.unit};
        draw_token_card(context, memory, seen, memory.shadow.by_keyboard ? &anchor : nullptr);
    }
    return entered >= 0 ? entered : pressed ? seen : -1;
}

}  // namespace vitrine::viz
