// What the view of the masks works out and remembers.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "viz/app/view.h"
#include "viz/views/shown_tokens.h"
#include "viz/widgets/chips.h"
#include "viz/widgets/heatmap.h"
#include "viz/widgets/texture.h"

namespace vitrine::viz {

/// The attention of an architecture that a mask belongs to.
enum class MaskGrid { encoder_only, decoder_only, source, target, cross };
inline constexpr std::size_t mask_grids = 5;

/// Longer texts are shown up to here: a grid of more tokens says nothing new.
inline constexpr Index most_mask_tokens = 16;
inline constexpr int most_padding = 6;

/// The mask of an architecture on a text of T tokens that is filled up by `padding` more, by the
/// functions of chapter 08.
/// @return  [T + padding, T + padding]: 0 where a query may see a key, else minus infinity
Tensor2 mask_of(MaskGrid grid, Index T, Index padding);

/// Whether each token may be seen by `query`.
std::vector<bool> visible_to(const Tensor2& mask, Index query);

struct MasksMemory {
    std::shared_ptr<const ShownTokens> shown;  // that the rest was made from
    bool dark = false;
    int padding = 0;
    int painted_padding = -1;         // that the masks below are of
    Index tokens = 0;                 // of the text, without padding
    std::vector<std::string> labels;  // with the padding
    std::array<Tensor2, mask_grids> masks;
    std::array<Texture, mask_grids> pictures;
    std::array<HeatmapState, mask_grids> states;
    MaskGrid grid = MaskGrid::decoder_only;  // that the chips tell of
    Index query = 0;                         // the row of it
    bool looked_at = false;                  // a grid was pointed at in the last frame
    ChipsState chips;
};

/// Makes what belongs to the run, the language, the theme and the padding.
void refresh(ViewContext& context, MasksMemory& memory);

/// One grid, `side` wide and high with its labels.
void draw_mask_grid(ViewContext& context, MasksMemory& memory, MaskGrid grid, ImVec2 size);

}  // namespace vitrine::viz
