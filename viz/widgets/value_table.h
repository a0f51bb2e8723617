// A table of numbers, each with a bar: rows with a label, columns with a scale of their own, signed
// ones with 0 in the middle. One focus stop: up and down move the row, Enter chooses it.
#pragma once

#include <array>
#include <span>
#include <string>

#include "tensor/tensor.h"
#include "viz/app/theme.h"

namespace vitrine::viz {

inline constexpr std::size_t most_value_columns = 4;

struct ValueColumn {
    const char* title = "";
    double full = 1.0;       // the size of a number whose bar fills the room
    bool is_signed = false;  // bars to both sides of a 0 in the middle
};

struct ValueRow {
    std::string label;
    std::array<double, most_value_columns> values{};
    bool parted = false;  // a thin line above: another group begins
    bool marked = false;  // it belongs to what is shown elsewhere
};

struct ValueTableInput {
    const char* id = "values";
    const char* label_title = "";
    std::span<const ValueColumn> columns;
    std::span<const ValueRow> rows;
    Index chosen = -1;
    float width = 0.0F;
    float row = 0.0F;  // height of one
};

struct ValueTableState {
    Index key_row = -1;
    bool by_keyboard = false;
    bool focused = false;
    ImVec2 first;  // top left of the first row on the screen, in the last frame
};

struct ValueTableAnswer {
    Index seen = -1;
    Index clicked = -1;
    bool by_keyboard = false;
    ImVec2 low, high;  // of the row that is seen, on the screen
};

ValueTableAnswer draw_value_table(const Theme& theme, const ValueTableInput& input,
                                  ValueTableState& state);

/// "0.25", "-1.50": two decimals, never "-0.00".
std::string two_decimals(double value);

}  // namespace vitrine::viz
