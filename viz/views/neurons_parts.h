// What the neurons view remembers and works out.
#pragma once

#include <string>
#include <vector>

#include "viz/app/view.h"
#include "viz/views/neuron_numbers.h"
#include "viz/views/stack_choice.h"
#include "viz/views/token_row.h"
#include "viz/widgets/bars.h"
#include "viz/widgets/value_table.h"

namespace vitrine::viz {

/// The plot of the curve: its range, and where it is on the screen.
struct CurvePlot {
    float left = -4.0F, right = 4.0F;  // of what goes in
    float bottom = 0.0F, top = 1.0F;   // of what comes out
    ImVec2 low, high;                  // on the screen, in the last frame

    ImVec2 at(float in, float out) const;
};

struct NeuronsMemory : ShownTower {
    Index layer = -1, position = -1;

    NeuronInputs inputs;  // of the position
    Activate kind = Activate::gelu_tanh;
    bool gated = false;
    std::vector<float> curved;     // [F]: the curve of what goes into it
    std::vector<Index> strongest;  // neurons, strongest first
    std::vector<Index> order;      // neurons by what goes into the curve
    std::vector<int> bins;         // of what goes into the curve, over the plot's range
    std::vector<float> curve;      // over the plot's range
    Index firing = 0;              // neurons above 0
    std::vector<ValueRow> rows;    // of the table
    std::vector<ValueColumn> columns;

    Index followed = -1;           // the neuron the learner chose; -1: always the strongest
    Index neuron = -1;             // the one that is shown
    std::vector<float> at_tokens;  // its output at every token
    float limit = 1.0F;            // of their colours
    NeuronPush push;               // of the neuron that is shown; other layer: not there yet
    std::vector<Bar> raised, lowered;

    CurvePlot plot;
    Index key_place = -1;  // in `order`: the keyboard's dot
    bool by_keyboard = false;
    Index seen = -1;  // the neuron that is looked at in the plot

    TokenRowState text;
    ValueTableState table;
    BarsState raised_bars, lowered_bars;
};

/// Makes what belongs to the run, the block, the position and the neuron.
/// @return  false if the run kept no neurons
bool refresh(ViewContext& context, NeuronsMemory& memory);

/// Shows what a neuron pushes.
void take_push(NeuronsMemory& memory, const NeuronPush& push);

/// Chooses a neuron, or with the chosen one again the strongest of each token.
void choose_neuron(NeuronsMemory& memory, Index neuron);

/// The curve with a dot a neuron, and below it how many neurons have which input.
void draw_neuron_curve(ViewContext& context, NeuronsMemory& memory, ImVec2 size);

/// The chosen neuron: its numbers, and which tokens it pushes.
void draw_neuron(ViewContext& context, NeuronsMemory& memory);

/// A card's rows of one neuron at the chosen position.
void neuron_rows(const ViewContext& context, const NeuronsMemory& memory, Index neuron);

/// "GELU (tanh)", "SiLU"
const char* curve_name(Activate kind);

}  // namespace vitrine::viz
