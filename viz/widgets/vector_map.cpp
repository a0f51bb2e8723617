#include "viz/widgets/vector_map.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "viz/widgets/keys.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

/// Where the strips are on the screen.
struct Frame {
    ImVec2 origin, low, high;
    float row = 0.0F, column = 0.0F;  // of a cell
    Index rows = 0, columns = 0;
};

Frame place_frame(const Theme& theme, const VectorMapInput& input) {
    Frame frame;
    frame.rows = static_cast<Index>(input.values->shape()[0]);
    frame.columns = static_cast<Index>(input.values->shape()[1]);
    frame.origin = ImGui::GetCursorScreenPos();
    const float axis = theme.fonts.small->FontSize + theme.unit;
    const float height = std::max(input.size.y - axis, theme.unit);
    frame.row =
        std::min(height / static_cast<float>(std::max<Index>(1, frame.rows)), input.tallest_row);
    const float left = input.label_room > 0.0F ? input.label_room + 1.5F * theme.unit : 0.0F;
    const float width = std::max(input.size.x - left - 1.0F, theme.unit);
    frame.column = width / static_cast<float>(std::max<Index>(1, frame.columns));
    frame.low = {frame.origin.x + left, frame.origin.y};
    frame.high = {frame.low.x + width, frame.low.y + frame.row * static_cast<float>(frame.rows)};
    return frame;
}

/// One pixel a number. Where there are more numbers than pixels, the one furthest from 0 is shown.
Image paint(const Theme& theme, const VectorMapInput& input, int pixels) {
    const auto rows = static_cast<int>(input.values->shape()[0]);
    const auto columns = static_cast<Index>(input.values->shape()[1]);
    const int width = std::clamp(pixels, 1, static_cast<int>(columns));
    Image image(width, rows);
    for (int t = 0; t < rows; ++t) {
        const Real* row = input.values->data() + t * columns;
        for (int x = 0; x < width; ++x) {
            const Real* begin = row + x * columns / width;
            const Real* end = row + std::max((x + 1) * columns / width, x * columns / width + 1);
            const Real shown = *std::max_element(
                begin, end, [](Real a, Real b) { return std::abs(a) < std::abs(b); });
            image.at(x, t) = theme.diverging(static_cast<float>(shown) / input.limit);
        }
    }
    return image;
}

void show_picture(const Theme& theme, const TextureDevice& device, const VectorMapInput& input,
                  VectorMapState& state, float width) {
    const int pixels =
        std::clamp(static_cast<int>(width), 1, static_cast<int>(input.values->shape()[1]));
    if (state.painted == input.values && state.limit == input.limit && state.dark == theme.dark &&
        !state.picture.empty() && state.picture.image().width == pixels) {
        return;
    }
    state.painted = input.values;
    state.limit = input.limit;
    state.dark = theme.dark;
    state.picture.set(device, paint(theme, input, pixels));
}

void move_by_keys(const VectorMapInput& input, VectorMapState& state, const Frame& frame,
                  bool focused) {
    const ImGuiIO& io = ImGui::GetIO();
    if (!focused || io.MouseDelta.x != 0.0F || io.MouseDelta.y != 0.0F) state.by_keyboard = false;
    if (!focused) return;
    if (state.key_row < 0) state.key_row = std::max<Index>(0, input.chosen_row);
    if (const ArrowStep step = arrow_step()) {
        state.key_row += step.y;
        state.key_column += step.x;
        state.by_keyboard = true;
        keep_focus_here();
    }
    state.key_row = std::clamp<Index>(state.key_row, 0, frame.rows - 1);
    state.key_column = std::clamp<Index>(state.key_column, 0, frame.columns - 1);
}

std::string label_of(const VectorMapInput& input, Index row) {
    const auto i = static_cast<std::size_t>(row);
    return input.labels.empty() ? std::to_string(row) : input.labels[i];
}

void draw_labels(const Theme& theme, const VectorMapInput& input, const Frame& frame) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    ImFont* font = theme.fonts.small;
    const float line = font->FontSize;
    const auto draw = [&](Index t, ImU32 colour) {
        const std::string text = elided(font, label_of(input, t), input.label_room);
        const float middle = frame.low.y + (static_cast<float>(t) + 0.5F) * frame.row;
        list->AddText(font, line,
                      {frame.origin.x + input.label_room - text_width(font, text),
                       std::max(middle - 0.5F * line, frame.origin.y - 0.25F * line)},
                      colour, text.c_str());
    };
    const auto every = std::max<Index>(1, static_cast<Index>(std::ceil(line / frame.row)));
    const bool choice = input.chosen_row >= 0 && input.chosen_row < frame.rows;
    for (Index t = 0; t < frame.rows && input.label_room > 0.0F; t += every) {
        // The chosen row always has its label; those it would cover give way.
        if (choice && std::abs(t - input.chosen_row) < every) continue;
        draw(t, theme.text);
    }
    if (choice && input.label_room > 0.0F) draw(input.chosen_row, theme.accent);
    const float y = frame.high.y + 0.5F * theme.unit;
    const std::string last = std::to_string(frame.columns - 1);
    list->AddText(font, line, {frame.low.x, y}, theme.muted, "0");
    list->AddText(font, line, {frame.high.x - text_width(font, last), y}, theme.muted,
                  last.c_str());
    list->AddText(font, line,
                  {0.5F * (frame.low.x + frame.high.x - text_width(font, input.column_title)), y},
                  theme.muted, input.column_title);
}

/// A frame that is seen on any colours.
void outline(const Theme& theme, ImVec2 low, ImVec2 high, ImU32 colour) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRect({low.x - 1.0F, low.y - 1.0F}, {high.x + 1.0F, high.y + 1.0F}, theme.surface, 0.0F,
                  0, 3.5F * theme.scale);
    list->AddRect({low.x - 1.0F, low.y - 1.0F}, {high.x + 1.0F, high.y + 1.0F}, colour, 0.0F, 0,
                  1.75F * theme.scale);
}

void draw_marks(const Theme& theme, const VectorMapInput& input, const Frame& frame) {
    const auto row_box = [&](Index row, ImU32 colour) {
        if (row < 0 || row >= frame.rows) return;
        const float y = frame.low.y + static_cast<float>(row) * frame.row;
        outline(theme, {frame.low.x, y}, {frame.high.x, y + frame.row}, colour);
    };
    row_box(input.marked_row, theme.text);
    row_box(input.chosen_row, theme.accent);
    if (input.chosen_column < 0) return;
    const float x = frame.low.x + static_cast<float>(input.chosen_column) * frame.column;
    const float wide = std::max(3.0F, frame.column * static_cast<float>(input.chosen_columns));
    outline(theme, {x, frame.low.y}, {x + wide, frame.high.y}, theme.accent);
}

}  // namespace

VectorMapAnswer draw_vector_map(const Theme& theme, const TextureDevice& device,
                                const VectorMapInput& input, VectorMapState& state) {
    VectorMapAnswer answer;
    if (!input.values || input.values->size() == 0) return answer;
    const Frame frame = place_frame(theme, input);
    state.low = frame.low;
    state.cell = {frame.column, frame.row};
    const float axis = theme.fonts.small->FontSize + theme.unit;
    const bool pressed =
        ImGui::InvisibleButton(input.id, {input.size.x, frame.high.y - frame.low.y});
    const bool hovered = ImGui::IsItemHovered();
    const bool focused = has_key_focus();
    const bool ring = shows_key_focus();
    move_by_keys(input, state, frame, focused);
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    if (state.by_keyboard) {
        answer.row = state.key_row;
        answer.column = state.key_column;
    } else if (hovered && mouse.x < frame.high.x) {
        const auto at = [](float place, Index count) {
            return std::clamp<Index>(static_cast<Index>(place), 0, count - 1);
        };
        answer.row = at((mouse.y - frame.low.y) / frame.row, frame.rows);
        // Over the labels the whole row is meant.
        if (mouse.x >= frame.low.x) {
            answer.column = at((mouse.x - frame.low.x) / frame.column, frame.columns);
        }
    }
    answer.by_keyboard = state.by_keyboard;
    const bool enter = focused && key_pressed(ImGuiKey_Enter, false);
    if (pressed && answer.row >= 0) {
        state.key_row = answer.row;  // arrows go on from here
        state.key_column = std::max<Index>(0, answer.column);
    }
    if ((pressed && answer.row >= 0) || enter) {
        answer.chosen_row = state.key_row;
        answer.chosen_column = enter || answer.column >= 0 ? state.key_column : -1;
    }
    show_picture(theme, device, input, state, frame.high.x - frame.low.x);
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddImage(state.picture.id(), frame.low, frame.high);
    list->AddRect(frame.low, frame.high, ring ? theme.accent : theme.border, 0.0F, 0,
                  ring ? 0.5F * theme.unit : 1.0F);
    draw_marks(theme, input, frame);
    draw_labels(theme, input, frame);
    answer.low = {
        frame.low.x + static_cast<float>(std::max<Index>(0, answer.column)) * frame.column,
        frame.low.y + static_cast<float>(std::max<Index>(0, answer.row)) * frame.row};
    answer.high = {answer.low.x + frame.column, answer.low.y + frame.row};
    if (state.by_keyboard) {
        list->AddRect({answer.low.x - 1.0F, answer.low.y},
                      {answer.low.x + std::max(frame.column, 3.0F) + 1.0F, answer.high.y},
                      theme.text, 0.0F, 0, 1.5F * theme.scale);
    }
    ImGui::SetCursorScreenPos({frame.origin.x, frame.high.y});  // the axis belongs to the map
    ImGui::Dummy({input.size.x, axis});
    return answer;
}

void draw_diverging_legend(const Theme& theme, float limit, float width) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    ImFont* font = theme.fonts.small;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    char left[24], right[24];
    std::snprintf(left, sizeof left, "%.2f", -static_cast<double>(limit));
    std::snprintf(right, sizeof right, "%.2f", static_cast<double>(limit));
    const float begin = at.x + text_width(font, left) + theme.unit;
    const float end = at.x + width - text_width(font, right) - theme.unit;
    const float middle = at.y + 0.5F * font->FontSize;
    const float half = 0.9F * theme.unit;
    constexpr int steps = 48;
    for (int i = 0; i < steps; ++i) {
        const float place = (static_cast<float>(i) + 0.5F) / steps;
        list->AddRectFilled(
            {begin + (end - begin) * static_cast<float>(i) / steps, middle - half},
            {begin + (end - begin) * static_cast<float>(i + 1) / steps + 0.5F, middle + half},
            theme.diverging(2.0F * place - 1.0F));
    }
    list->AddRect({begin, middle - half}, {end, middle + half}, theme.border);
    list->AddText(font, font->FontSize, at, theme.muted, left);
    list->AddText(font, font->FontSize, {end + theme.unit, at.y}, theme.muted, right);
    ImGui::Dummy({width, font->FontSize});
}

}  // namespace vitrine::viz
