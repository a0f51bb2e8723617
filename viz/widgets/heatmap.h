// A map of tokens against tokens, drawn as one texture, with labels that stay readable from 5 to
// 256 tokens. One focus stop: arrows move a cell, Enter pins it, + - 0 zoom.
#pragma once

#include <span>
#include <string>

#include "tensor/tensor.h"
#include "viz/app/theme.h"
#include "viz/widgets/camera.h"
#include "viz/widgets/texture.h"

namespace vitrine::viz {

/// What a heatmap remembers between frames.
struct HeatmapState {
    Camera camera;
    Index query = -1, key = -1;  // the keyboard's cell
    bool by_keyboard = false;    // it is shown; the pointer was not moved since
    bool focused = false;        // it showed the keyboard's focus in the last frame
    ImVec2 plot;                 // top left of the plot on the screen, in the last frame
    float cell = 0.0F;           // pixels of a cell, in the last frame
};

struct HeatmapInput {
    const char* id = "heatmap";
    const Texture* texture = nullptr;         // a pixel a cell; transparent where a cell is hidden
    const Real* values = nullptr;             // [rows, n], written into cells that are large enough
    Index n = 0;                              // columns
    Index rows = 0;                           // 0: a square map, n
    std::span<const std::string> labels;      // of the tokens: of the columns
    std::span<const std::string> row_labels;  // empty: the same
    Index pinned_query = -1, pinned_key = -1;
    Index marked = -1;       // a token that is pointed at elsewhere
    float gaps_from = 6.0F;  // grid units: cells that wide are set apart by thin lines
    ImVec2 size;             // of everything, labels included
    const char* query_title = "";
    const char* key_title = "";
};

/// Where things are, in pixels from the top left of the widget.
struct HeatmapLayout {
    float left = 0.0F, top = 0.0F;  // of the plot
    float side = 0.0F;              // of the plot: the longer one if it is no square
    float row_label = 0.0F;         // room for the text of a row's label
    float column_label = 0.0F;      // length of a column's label along its own direction
    bool slanted = false;           // columns' labels do not fit their cells
};

inline constexpr float label_angle = -1.05F;  // radians, 60 degrees, rising to the right

/// @param n               cells of the longer side
/// @param widest_row      pixels of the widest label of a row
/// @param widest_column   of a column
/// @param line            pixels of a line of label text
HeatmapLayout layout_heatmap(ImVec2 size, Index n, float widest_row, float widest_column,
                             float line, float unit);

struct HeatmapAnswer {
    Index query = -1, key = -1;  // the cell that is looked at, by pointer or keyboard; -1: none
    ImVec2 cell_low, cell_high;  // of that cell on the screen
    bool by_keyboard = false;
    bool pin = false;  // the learner asked to pin (or unpin) pin_query and pin_key
    Index pin_query = -1, pin_key = -1;  // -1: that axis was not meant
};

HeatmapAnswer draw_heatmap(const Theme& theme, const HeatmapInput& input, HeatmapState& state);

/// Largest zoom that is useful: a cell as wide as a word.
double largest_zoom(Index n, float side, float unit);

}  // namespace vitrine::viz
