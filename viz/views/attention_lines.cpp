// The same map as lines: each token on the left reaches to the tokens on the right that it looks
// at.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "viz/views/attention_parts.h"
#include "viz/widgets/area.h"
#include "viz/widgets/colour.h"
#include "viz/widgets/keys.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

struct Columns {
    ImVec2 origin;       // of the first row
    float row = 0.0F;    // height of a row
    float label = 0.0F;  // width of the text columns
    float width = 0.0F;
    Index T = 0, S = 0;
    float top = 0.0F, bottom = 0.0F;  // of what is on the screen

    float y(Index i) const { return origin.y + (static_cast<float>(i) + 0.5F) * row; }
    float from() const { return origin.x + label; }
    float to() const { return origin.x + width - label; }
    bool on_screen(float y_from, float y_to) const {
        return std::max(y_from, y_to) >= top && std::min(y_from, y_to) <= bottom;
    }
};

/// What the learner points at: a token of one side, or one line.
struct Pointed {
    Index query = -1, key = -1;
};

struct Line {
    Index query = 0, key = 0;
    float weight = 0.0F;
};

/// Lines that reach `least` and belong to what is isolated, faint ones first.
std::vector<Line> lines_of(const ChosenMap& map, const Pointed& isolated, float least) {
    std::vector<Line> lines;
    for (Index query = 0; query < map.T; ++query) {
        if (isolated.query >= 0 && isolated.query != query) continue;
        for (Index key = 0; key < map.S; ++key) {
            if (map.sight.hides(query, key)) continue;
            if (isolated.key >= 0 && isolated.key != key) continue;
            const float weight = static_cast<float>(map.weight(query, key));
            if (weight >= least) lines.push_back({query, key, weight});
        }
    }
    std::sort(lines.begin(), lines.end(),
              [](const Line& a, const Line& b) { return a.weight < b.weight; });
    return lines;
}

/// The curve parameter at which every line has this x: all share their ends in x.
float parameter_at(const Columns& columns, float x) {
    const float part = (x - columns.from()) / (columns.to() - columns.from());
    float low = 0.0F, high = 1.0F;
    for (int i = 0; i < 20; ++i) {
        const float t = 0.5F * (low + high);
        const float at = 1.5F * t * (1.0F - t) + t * t * t;
        (at < part ? low : high) = t;
    }
    return low;
}

Pointed pointed_at(const Columns& columns, const std::vector<Line>& lines, ImVec2 mouse,
                   float reach) {
    const auto row = static_cast<Index>(std::floor((mouse.y - columns.origin.y) / columns.row));
    if (row < 0) return {};
    if (mouse.x < columns.from()) return {row < columns.T ? row : -1, -1};
    if (mouse.x > columns.to()) return {-1, row < columns.S ? row : -1};
    const float t = parameter_at(columns, mouse.x);
    const float along = t * t * (3.0F - 2.0F * t);
    Pointed nearest;
    float best = reach;
    for (const Line& line : lines) {
        const float y =
            columns.y(line.query) + along * (columns.y(line.key) - columns.y(line.query));
        const float distance = std::fabs(y - mouse.y);
        if (distance > best) continue;
        best = distance;
        nearest = {line.query, line.key};
    }
    return nearest;
}

void draw_lines(const Theme& theme, const Columns& columns, const std::vector<Line>& lines,
                const Pointed& bold) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float middle = 0.5F * (columns.from() + columns.to());
    constexpr std::size_t most = 1500;  // a frame stays cheap; the faintest are left out
    const std::size_t first = lines.size() > most ? lines.size() - most : 0;
    for (std::size_t i = first; i < lines.size(); ++i) {
        const Line& line = lines[i];
        const float from = columns.y(line.query);
        const float to = columns.y(line.key);
        if (!columns.on_screen(from, to)) continue;
        const bool chosen = line.query == bold.query && line.key == bold.key;
        const float alpha = chosen ? 1.0F : 0.12F + 0.78F * std::sqrt(line.weight);
        const ImU32 colour = with_alpha(theme.accent, static_cast<ImU32>(alpha * 255.0F));
        list->AddBezierCubic({columns.from() + theme.unit, from}, {middle, from}, {middle, to},
                             {columns.to() - theme.unit, to}, colour,
                             theme.scale * (0.75F + 4.0F * line.weight) + (chosen ? 1.0F : 0.0F),
                             24);
    }
}

void draw_tokens_beside(const AttentionMemory& memory, const Theme& theme, const Columns& columns,
                        const Stage& stage, const Pointed& pointed) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    ImFont* font = ImGui::GetFont();
    const auto draw = [&](Index i, bool left) {
        const bool strong = left ? i == pointed.query : i == pointed.key;
        const bool pinned = left ? i == stage.pinned_query : i == stage.pinned_key;
        const auto& labels = left ? memory.query_labels() : memory.key_labels();
        const std::string text =
            elided(font, labels[static_cast<std::size_t>(i)], columns.label - 3.0F * theme.unit);
        const float width = text_width(font, text);
        const float x = left ? columns.from() - theme.unit - width : columns.to() + theme.unit;
        const float y = columns.y(i) - 0.5F * ImGui::GetFontSize();
        if (strong || pinned || (memory.square() && i == stage.hovered_position)) {
            list->AddRectFilled({x - theme.unit, columns.y(i) - 0.46F * columns.row},
                                {x + width + theme.unit, columns.y(i) + 0.46F * columns.row},
                                pinned ? theme.accent : theme.raised, theme.unit);
        }
        list->AddText({x, y},
                      pinned   ? theme.on_accent
                      : strong ? theme.text
                               : theme.muted,
                      text.c_str());
    };
    for (Index i = 0; i < std::max(columns.T, columns.S); ++i) {
        if (columns.y(i) < columns.top - columns.row ||
            columns.y(i) > columns.bottom + columns.row) {
            continue;
        }
        if (i < columns.T) draw(i, true);
        if (i < columns.S) draw(i, false);
    }
}

/// Up and Down choose a query, Enter pins it.
void walk(AttentionMemory& memory, Stage& stage, const Columns& columns) {
    const ArrowStep step = arrow_step();
    const Index before = memory.line_token;
    if (memory.line_token < 0) memory.line_token = columns.T - 1;
    memory.line_token = std::clamp<Index>(memory.line_token + step.y, 0, columns.T - 1);
    if (step.y != 0 && memory.line_token != before) {
        keep_focus_here();
        ImGui::SetScrollFromPosY(columns.y(memory.line_token) - ImGui::GetWindowPos().y);
    }
    if (key_pressed(ImGuiKey_Enter, false)) {
        stage.pinned_query = stage.pinned_query == memory.line_token ? -1 : memory.line_token;
    }
}

}  // namespace

void draw_attention_lines(ViewContext& context, AttentionMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    Stage& stage = context.stage;
    begin_area("lines", size, AreaEdge::none);
    ImGui::PushFont(theme.fonts.small);
    Columns columns;
    columns.T = memory.map.T;
    columns.S = memory.map.S;
    const auto longer = static_cast<float>(std::max(columns.T, columns.S));
    columns.width = ImGui::GetContentRegionAvail().x;
    columns.label = std::min(34.0F * theme.unit, 0.3F * columns.width);
    const ImVec2 head = ImGui::GetCursorScreenPos();
    const char* left = context.say("query", "쿼리");
    const float from = head.x + columns.label - theme.unit - text_width(theme.fonts.small, left);
    ImGui::GetWindowDrawList()->AddText({std::max(head.x, from), head.y}, theme.muted, left);
    ImGui::GetWindowDrawList()->AddText(
        {head.x + columns.width - columns.label + theme.unit, head.y}, theme.muted,
        context.say("key", "키"));
    ImGui::Dummy({0.0F, theme.fonts.small->FontSize});
    columns.origin = ImGui::GetCursorScreenPos();
    columns.row = std::clamp((size.y - 10.0F * theme.unit) / longer,
                             theme.fonts.small->FontSize + theme.unit, 9.0F * theme.unit);
    columns.top = ImGui::GetWindowPos().y;
    columns.bottom = columns.top + ImGui::GetWindowSize().y;
    ImGui::InvisibleButton("lines area", {columns.width, columns.row * longer});
    const bool hovered = ImGui::IsItemHovered();
    const bool clicked = ImGui::IsItemClicked();
    const bool focused = shows_key_focus();
    if (focused) walk(memory, stage, columns);
    if (!focused) memory.line_token = -1;

    const Pointed pinned{stage.pinned_query, stage.pinned_query >= 0 ? -1 : stage.pinned_key};
    std::vector<Line> lines = lines_of(memory.map, pinned, memory.least_weight);
    Pointed pointed{memory.line_token, -1};
    if (hovered) pointed = pointed_at(columns, lines, ImGui::GetIO().MousePos, 2.0F * theme.unit);
    const bool one_token = (pointed.query >= 0) != (pointed.key >= 0);
    if (one_token) lines = lines_of(memory.map, pointed, std::min(0.01F, memory.least_weight));
    draw_lines(theme, columns, lines, pointed);
    draw_tokens_beside(memory, theme, columns, stage, pointed);
    ImGui::PopFont();
    memory.seen_query = pointed.query;
    memory.seen_key = pointed.key;
    if (memory.square() && (pointed.query >= 0 || pointed.key >= 0)) {
        stage.hovered_position = pointed.query >= 0 ? pointed.query : pointed.key;
    }
    if (hovered && pointed.query >= 0 && pointed.key >= 0) {
        begin_card(theme);
        draw_cell_numbers(context, memory, pointed.query, pointed.key);
        end_card();
    } else if (pointed.query >= 0 && !memory.panel) {
        const ImVec2 beside{columns.from() + 4.0F * theme.unit, columns.y(pointed.query)};
        hovered ? begin_card(theme) : begin_card_at(theme, beside);
        draw_cell_panel(context, memory, pointed.query, -1, 70.0F * theme.unit, 60.0F * theme.unit);
        end_card();
    }
    if (clicked) {
        stage.pinned_query = one_token && pointed.query != stage.pinned_query ? pointed.query : -1;
        stage.pinned_key = one_token && pointed.key != stage.pinned_key ? pointed.key : -1;
    }
    ImGui::EndChild();
}

}  // namespace vitrine::viz
