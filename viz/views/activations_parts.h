// What the activations view remembers and works out.
#pragma once

#include <string>
#include <vector>

#include "viz/app/view.h"
#include "viz/views/stack_choice.h"
#include "viz/widgets/texture.h"

namespace vitrine::viz {

/// A step inside a block: the name of its activation and what it is called.
struct BlockStep {
    const char* name;  // "resid_pre"
    const char* english;
    const char* korean;
    const char* beside = nullptr;  // is called so only where the run has this step too
};

/// "blocks.L.NAME", or NAME itself if it is no step of a block; null if the run did not keep it.
const Activation* step_at(const Tower& tower, Index layer, const std::string& name);
/// The steps that a run has kept, in the order in which they are made.
std::vector<BlockStep> steps_of(const Tower& tower);

/// What is said of one row of numbers.
struct RowNumbers {
    double mean = 0.0, deviation = 0.0, length = 0.0;
    float smallest = 0.0F, largest = 0.0F;
    std::vector<Index> strongest;  // dimensions by size, at most 8
};
RowNumbers describe_row(std::span<const Real> row);

/// How many numbers of a row fall into each of `count` equal bins over [-limit, limit]; what lies
/// outside goes to the first or the last.
std::vector<int> histogram(std::span<const Real> row, float limit, int count);

struct ActivationsMemory : ShownTower {
    std::string step = "resid_post";
    Index layer = -1;
    bool dark = false;
    const Activation* activation = nullptr;  // [T, width] of the run
    float limit = 1.0F;                      // the largest size of a number that has a colour
    Texture picture;
    Index position = -1;
    RowNumbers numbers;                  // of that position
    std::vector<int> bins;               // of that position
    std::vector<double> depth;           // length of the stream at that position before each block
    Index row = -1, column = -1;         // the cell that is looked at
    Index key_row = -1, key_column = 0;  // the keyboard's
    bool by_keyboard = false;
    ImVec2 map_low, map_cell;  // of the map on the screen, in the last frame
};

/// Makes what belongs to the run, the step, the layer, the position and the theme.
bool refresh(ViewContext& context, ActivationsMemory& memory);

/// Makes the picture of the chosen activation for a map of that many pixels.
void show_picture(ViewContext& context, ActivationsMemory& memory, float width);

/// The numbers of one row of the chosen activation.
std::span<const Real> row_of(const ActivationsMemory& memory, Index position);

/// Beside the map: numbers, histogram and strongest dimensions of the chosen position, and how the
/// stream grows through the blocks.
void draw_activation_panel(ViewContext& context, ActivationsMemory& memory, ImVec2 size);

}  // namespace vitrine::viz
