// A row for each layer of a model in training: the norm of its gradient over time, and histograms
// of its weights and of its gradients.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "viz/views/training_parts.h"
#include "viz/widgets/keys.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

constexpr Index columns = 3;  // norm, weights, gradients

struct Table {
    ImVec2 origin;  // of the first cell
    float row = 0, gap = 0;
    float label = 0;            // room for the names
    std::array<float, 4> at{};  // left ends of the columns; the right end of all

    ImVec2 low(Index r, Index c) const {
        return {at[static_cast<std::size_t>(c)], origin.y + static_cast<float>(r) * row};
    }
    ImVec2 high(Index r, Index c) const {
        return {at[static_cast<std::size_t>(c) + 1] - gap,
                origin.y + static_cast<float>(r + 1) * row - 0.25F * gap};
    }
};

struct Seen {
    Index row = -1, column = -1;
    bool by_keyboard = false;
};

const LoggedDetail* shown_detail(const TrainingMemory& memory) {
    const auto& details = memory.snapshot->log.details;
    const LoggedDetail* found = newest_until(details, shown_step(memory));
    return found == nullptr && !details.empty() ? &details.front() : found;
}

const LoggedHistogram* histogram_at(const LoggedDetail* detail, Index row, Index column) {
    if (detail == nullptr || row >= static_cast<Index>(detail->groups.size())) return nullptr;
    const LoggedGroup& group = detail->groups[static_cast<std::size_t>(row)];
    const LoggedHistogram& histogram = column == 1 ? group.weights : group.gradients;
    return histogram.counts.empty() || !(histogram.largest > 0) ? nullptr : &histogram;
}

/// The norm of a layer's gradient at the moment that is shown.
Real norm_at(const TrainingMemory& memory, Index row) {
    const LoggedStep* step = newest_until(memory.snapshot->log.steps, shown_step(memory));
    if (step == nullptr || row >= static_cast<Index>(step->grad_norms.size())) return NAN;
    return step->grad_norms[static_cast<std::size_t>(row)];
}

void draw_spark(const Theme& theme, const TrainingMemory& memory, Index row, float most, ImVec2 low,
                ImVec2 high) {
    const TrainingCurves& curves = memory.snapshot->curves;
    const auto& values = curves.grad_norms[static_cast<std::size_t>(row)];
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float number = text_width(theme.fonts.small, "0.000") + 1.5F * theme.unit;
    const float width = high.x - number - low.x;
    const auto x_of = [&](Index i) {
        return low.x + width * static_cast<float>(i) /
                           static_cast<float>(std::max<Index>(1, curves.points - 1));
    };
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!std::isfinite(values[i])) continue;
        const float part = std::clamp(static_cast<float>(values[i]) / most, 0.0F, 1.0F);
        list->PathLineTo(
            {x_of(static_cast<Index>(i)), high.y - 1.0F - part * (high.y - low.y - 2.0F)});
    }
    list->PathStroke(theme.accent, 0, std::max(1.25F, 0.3F * theme.unit));
    list->AddLine({low.x, high.y}, {low.x + width, high.y}, theme.border);
    if (memory.step >= 0) {
        const float x = x_of(curves.point_of(std::max<Index>(1, shown_step(memory))));
        list->AddLine({x, low.y}, {x, high.y}, theme.muted);
    }
    const Real now = norm_at(memory, row);
    if (!std::isfinite(now)) return;
    char text[16];
    std::snprintf(text, sizeof text, "%.3f", static_cast<double>(now));
    ImFont* font = theme.fonts.small;
    list->AddText(font, font->FontSize,
                  {high.x - text_width(font, text), 0.5F * (low.y + high.y - font->FontSize)},
                  theme.text, text);
}

void draw_histogram(const Theme& theme, const LoggedHistogram* histogram, ImVec2 low, ImVec2 high) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddLine({low.x, high.y}, {high.x, high.y}, theme.border);
    if (histogram == nullptr) return;
    const auto& counts = histogram->counts;
    const double most =
        static_cast<double>(std::max<Index>(1, *std::max_element(counts.begin(), counts.end())));
    const float bin = (high.x - low.x) / static_cast<float>(counts.size());
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] == 0) continue;
        // The root: most numbers are near 0, and the few that are not shall be seen.
        const float part = static_cast<float>(std::sqrt(static_cast<double>(counts[i]) / most));
        const float x = low.x + bin * static_cast<float>(i);
        list->AddRectFilled({x, high.y - std::max(1.0F, part * (high.y - low.y - 1.0F))},
                            {x + std::max(1.0F, bin - 0.5F), high.y}, theme.accent);
    }
}

void draw_titles(const ViewContext& context, const Table& table, float y) {
    const Theme& theme = context.theme;
    ImFont* font = theme.fonts.small;
    const std::array<const char*, columns> titles{
        context.say("gradient norm over time", "기울기의 크기 변화"),
        context.say("weights", "가중치"), context.say("gradients", "기울기")};
    for (std::size_t c = 0; c < titles.size(); ++c) {
        const float room = table.at[c + 1] - table.gap - table.at[c];
        ImGui::GetWindowDrawList()->AddText(font, font->FontSize, {table.at[c], y}, theme.muted,
                                            elided(font, titles[c], room).c_str());
    }
}

void draw_card(const ViewContext& context, const TrainingMemory& memory, const Table& table,
               const Seen& seen) {
    const Theme& theme = context.theme;
    const ImVec2 low = table.low(seen.row, seen.column), high = table.high(seen.row, seen.column);
    if (seen.by_keyboard) {
        begin_card_at(theme, {low.x, high.y + theme.unit});
    } else {
        begin_card(theme);
    }
    card_heading(theme, memory.snapshot->log.groups[static_cast<std::size_t>(seen.row)]);
    const float column = 46.0F * theme.unit;
    char text[64];
    if (seen.column == 0) {
        card_row(theme, context.say("At step", "걸음"), count_text(shown_step(memory)), column);
        std::snprintf(text, sizeof text, "%.4f", static_cast<double>(norm_at(memory, seen.row)));
        card_row(theme, context.say("Norm of its gradient", "이 층 기울기의 크기"), text, column);
        card_note(theme,
                  context.say("After clipping; all rows have the same scale.",
                              "자른 뒤의 크기예요. 모든 줄의 눈금이 같아요."),
                  70.0F * theme.unit);
        end_card();
        return;
    }
    const LoggedDetail* detail = shown_detail(memory);
    const LoggedHistogram* histogram = histogram_at(detail, seen.row, seen.column);
    card_row(theme,
             seen.column == 1 ? context.say("Weights at step", "가중치, 걸음")
                              : context.say("Gradients at step", "기울기, 걸음"),
             detail ? count_text(detail->step) : "–", column);
    if (histogram != nullptr) {
        const double largest = static_cast<double>(histogram->largest);
        std::snprintf(text, sizeof text, "%.3g", largest);
        card_row(theme, context.say("Largest magnitude", "가장 큰 절댓값"), text, column);
        const auto bins = static_cast<double>(histogram->counts.size());
        const double part = static_cast<double>((ImGui::GetIO().MousePos.x - low.x) /
                                                std::max(1.0F, high.x - low.x));
        const auto bin = static_cast<std::size_t>(
            seen.by_keyboard ? std::floor(0.5 * bins) : std::clamp(part * bins, 0.0, bins - 1.0));
        Index all = 0;
        for (const Index count : histogram->counts) all += count;
        const double from = largest * (2.0 * static_cast<double>(bin) / bins - 1.0);
        std::snprintf(text, sizeof text, context.say("%.3g to %.3g", "%.3g부터 %.3g까지"), from,
                      from + 2.0 * largest / bins);
        card_row(theme, context.say("This bar", "이 막대"), text, column);
        const Index count = histogram->counts[bin];
        card_row(theme, context.say("Holds", "든 것"),
                 count_text(count) + "  (" +
                     percent_text(static_cast<double>(count) /
                                  static_cast<double>(std::max<Index>(all, 1))) +
                     ")",
                 column);
    }
    card_note(theme,
              context.say("The height is the square root of the count.",
                          "막대의 높이는 개수의 제곱근이에요."),
              70.0F * theme.unit);
    end_card();
}

/// The cell under the pointer, or the keyboard's.
Seen seen_cell(TrainingMemory& memory, const Table& table, Index rows, bool hovered) {
    const ImGuiIO& io = ImGui::GetIO();
    if (io.MouseDelta.x != 0.0F || io.MouseDelta.y != 0.0F) memory.by_keyboard = false;
    if (has_key_focus()) {
        const ArrowStep step = arrow_step();
        const Index row = std::clamp<Index>(memory.row + step.y, 0, rows - 1);
        const Index column = std::clamp<Index>(memory.column + step.x, 0, columns - 1);
        if (row != memory.row || column != memory.column) {
            memory.by_keyboard = true;
            keep_focus_here();
        }
        memory.row = row;
        memory.column = column;
        if (shows_key_focus() && memory.by_keyboard) return {row, column, true};
    }
    if (!hovered) return {};
    Seen seen;
    seen.row = std::clamp<Index>(static_cast<Index>((io.MousePos.y - table.origin.y) / table.row),
                                 0, rows - 1);
    seen.column = io.MousePos.x < table.at[1] ? 0 : io.MousePos.x < table.at[2] ? 1 : 2;
    return seen;
}

}  // namespace

void draw_training_layers(ViewContext& context, TrainingMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    const TrainingSnapshot& snapshot = *memory.snapshot;
    const auto rows =
        static_cast<Index>(std::min(snapshot.log.groups.size(), snapshot.curves.grad_norms.size()));
    if (rows == 0) return;
    ImFont* font = theme.fonts.small;
    Table table;
    table.gap = 3.0F * theme.unit;
    for (const std::string& group : snapshot.log.groups)
        table.label = std::max(table.label, text_width(font, group));
    table.label += 2.0F * theme.unit;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float title = font->FontSize + theme.unit;
    table.origin = {at.x + table.label, at.y + title};
    table.row = std::clamp((size.y - title) / static_cast<float>(rows), 7.0F * theme.unit,
                           14.0F * theme.unit);
    const float width = size.x - table.label + table.gap;
    table.at = {table.origin.x, table.origin.x + 0.44F * width, table.origin.x + 0.72F * width,
                table.origin.x + width};
    ImGui::InvisibleButton("layers", {size.x, title + static_cast<float>(rows) * table.row});
    const bool hovered = ImGui::IsItemHovered();
    const Seen seen = seen_cell(memory, table, rows, hovered);
    ImDrawList* list = ImGui::GetWindowDrawList();
    if (shows_key_focus()) {
        list->AddRect({at.x - 2.0F, at.y - 2.0F},
                      {at.x + size.x + 2.0F, table.low(rows, 0).y + 2.0F}, theme.accent,
                      theme.radius);
    }
    draw_titles(context, table, at.y);
    float most = 1e-6F;
    for (const auto& values : snapshot.curves.grad_norms)
        for (const Real value : values)
            if (std::isfinite(value)) most = std::max(most, static_cast<float>(value));
    const LoggedDetail* detail = shown_detail(memory);
    for (Index r = 0; r < rows; ++r) {
        for (Index c = 0; c < columns; ++c) {
            const ImVec2 low = table.low(r, c), high = table.high(r, c);
            if (seen.row == r && seen.column == c)
                list->AddRectFilled({low.x - theme.unit, low.y}, {high.x + theme.unit, high.y},
                                    theme.raised, theme.unit);
            if (c == 0) {
                draw_spark(theme, memory, r, most, low, high);
            } else {
                draw_histogram(theme, histogram_at(detail, r, c), {low.x, low.y + theme.unit},
                               high);
            }
        }
        const ImVec2 low = table.low(r, 0), high = table.high(r, 0);
        list->AddText(font, font->FontSize, {at.x, 0.5F * (low.y + high.y - font->FontSize)},
                      theme.text, snapshot.log.groups[static_cast<std::size_t>(r)].c_str());
    }
    if (seen.row >= 0) draw_card(context, memory, table, seen);
}

}  // namespace vitrine::viz
