// What the residual view remembers and works out.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "viz/app/view.h"
#include "viz/views/activations_parts.h"
#include "viz/views/residual_numbers.h"
#include "viz/views/stack_choice.h"
#include "viz/views/token_row.h"
#include "viz/widgets/curves.h"
#include "viz/widgets/value_table.h"

namespace vitrine::viz {

/// One step of the chosen block at the chosen position.
struct BlockStrip {
    const BlockStep* step = nullptr;
    std::span<const Real> values;  // [C], of the run
    RowNumbers numbers;
};

/// How the numbers of a position are spread before the norm and after it.
struct NormSpread {
    float limit = 1.0F;  // the bins cover [-limit, limit]
    std::vector<int> before, after;
};

/// The keyboard's or the pointer's cell of a map of tokens and depth.
struct MapCell {
    Index position = -1, place = -1;
    bool by_keyboard = false;
    ImVec2 low, cell;  // of the map on the screen, in the last frame
    Index key_position = -1, key_place = 0;
};

enum class ResidualPage { blocks, tokens, norms };

struct ResidualMemory : ShownTower {
    bool dark = false;
    int page = 0;        // a ResidualPage
    std::string linked;  // the stage's step that was looked at last: a link may name a page
    Index layer = -1, position = -1;
    std::vector<std::string> places;  // "0", "1" ... "end"
    TokenRowState text;

    std::vector<BranchStep> branches;  // of the position
    std::vector<ValueRow> rows;
    std::array<ValueColumn, 3> columns;
    ValueTableState table;

    std::vector<BlockStrip> strips;  // of the block and the position
    float limit = 1.0F;              // of their colours
    Texture strip_picture;           // a row of pixels a strip
    std::vector<ImVec2> strip_lows;  // on the screen, in the last frame
    NormSpread spread;

    std::shared_ptr<const DepthMap> depth;
    std::array<Texture, 2> maps;  // mean, deviation
    std::array<float, 2> map_limits{1.0F, 1.0F};
    std::array<MapCell, 2> cells;

    std::shared_ptr<const Growth> growth;
    CurvesState curves;
};

/// Makes what belongs to the run, the block and the position.
/// @return  false if the run kept no stream
bool refresh(ViewContext& context, ResidualMemory& memory);

/// How the numbers are spread before and after a norm, in `count` bins each.
NormSpread norm_spread(std::span<const Real> before, std::span<const Real> after, int count);

/// What each branch adds, one row a branch; a click unfolds its block.
void draw_branches(ViewContext& context, ResidualMemory& memory, float width);
/// The chosen block, unfolded into its steps.
void draw_block(ViewContext& context, ResidualMemory& memory, float width);
/// Mean and deviation of every token through depth, and the norm of the chosen block.
void draw_tokens_page(ViewContext& context, ResidualMemory& memory);
/// The numbers of the chosen token before the chosen block's first norm and after it.
void draw_norm(ViewContext& context, ResidualMemory& memory, ImVec2 size);
/// The stream's length through depth, as the model is and with its norms after the sums.
void draw_norms_page(ViewContext& context, ResidualMemory& memory);

}  // namespace vitrine::viz
