// What the memory view remembers, and its pages.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "viz/app/view.h"
#include "viz/views/shown_tokens.h"
#include "viz/views/state_space_numbers.h"
#include "viz/views/token_row.h"
#include "viz/widgets/colour_scale.h"
#include "viz/widgets/curves.h"
#include "viz/widgets/heatmap.h"
#include "viz/widgets/vector_map.h"

namespace vitrine::viz {

enum class StatePage { state, remembered };

/// A [T, T] map of the second page.
struct RememberedMap {
    Texture picture;
    std::shared_ptr<const void> painted;  // what the picture was made from
    bool dark = false;
    HeatmapState heatmap;
};

struct StateSpaceMemory {
    std::shared_ptr<const ShownTokens> shown;  // that the rest was made from
    int page = 0;                              // a StatePage
    std::string linked;                        // the stage's step that was looked at last
    Index layer = -1, position = -1;
    Index followed = -1;  // the channel that was chosen; -1: none
    TokenRowState text;

    std::shared_ptr<const StateMoves> moves;
    std::shared_ptr<const LayerState> state;
    Index channel = -1;                      // that `numbers` belong to
    std::shared_ptr<const Tensor2> numbers;  // [T, N]
    Real numbers_limit = 1;
    VectorMapState moves_map, channels_map, numbers_map;

    std::shared_ptr<const Remembered> remembered;
    std::shared_ptr<const RememberedChannel> of_channel;
    std::array<RememberedMap, 2> maps;
    ColourScale scale;
    CurvesState curves;

    /// The channel whose numbers are shown: the chosen one, else the strongest.
    Index shown_channel() const { return followed >= 0 ? followed : state->order.front(); }
};

/// The state as it moves: of all blocks, of the channels of one, of the numbers of a channel.
void draw_state_page(ViewContext& context, StateSpaceMemory& memory);
/// What is left of each token later on, and what it has in what comes out.
void draw_remembered_page(ViewContext& context, StateSpaceMemory& memory);

}  // namespace vitrine::viz
