// Rows of numbers as coloured strips: one row a token or a position, one column a dimension. One
// focus stop: arrows move a cell, Enter chooses it.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "tensor/tensor.h"
#include "viz/app/theme.h"
#include "viz/widgets/texture.h"

namespace vitrine::viz {

/// What a map remembers between frames.
struct VectorMapState {
    Texture picture;
    std::shared_ptr<const Tensor2> painted;  // what the picture shows
    float limit = 0.0F;
    bool dark = false;
    Index key_row = -1, key_column = 0;  // the keyboard's cell
    bool by_keyboard = false;
    ImVec2 low, cell;  // of the map on the screen, in the last frame
};

struct VectorMapInput {
    const char* id = "map";
    std::shared_ptr<const Tensor2> values;  // [rows, columns]
    float limit = 1.0F;                     // the largest size of a number that has a colour
    std::span<const std::string> labels;    // of the rows; empty: their numbers
    const char* column_title = "";          // below the map: "dimension"
    Index chosen_row = -1;
    Index chosen_column = -1;  // first of `chosen_columns`
    Index chosen_columns = 1;
    Index marked_row = -1;    // pointed at elsewhere
    float label_room = 0.0F;  // pixels in front of the strips
    float tallest_row = 0.0F;
    ImVec2 size;  // of everything
};

struct VectorMapAnswer {
    Index row = -1, column = -1;                // the cell that is looked at; -1: none
    Index chosen_row = -1, chosen_column = -1;  // the cell that was clicked, or Enter
    bool by_keyboard = false;
    ImVec2 low, high;  // of the cell that is looked at, on the screen
};

VectorMapAnswer draw_vector_map(const Theme& theme, const TextureDevice& device,
                                const VectorMapInput& input, VectorMapState& state);

/// One line at the cursor: what the colours mean, from -limit to limit. `width` of all of it.
void draw_diverging_legend(const Theme& theme, float limit, float width);

}  // namespace vitrine::viz
