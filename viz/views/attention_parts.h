// The parts of the attention view: what it remembers, and the functions that draw its areas.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "viz/app/view.h"
#include "viz/views/attention_summary.h"
#include "viz/views/shown_tokens.h"
#include "viz/widgets/colour_scale.h"
#include "viz/widgets/heatmap.h"

namespace vitrine::viz {

/// Which keys a query may look at.
struct Sight {
    bool causal = true;
    Index window = 0;  // so many, its own position the last; 0: no limit

    bool hides(Index query, Index key) const {
        return causal && (key > query || (window > 0 && key <= query - window));
    }
};

/// Of a layer; of an average over the layers, what all of them hide.
Sight sight_of(const Run& run, Index layer);

/// One map on the stage: a head's, or an average.
struct ChosenMap {
    const Real* weights = nullptr;  // [T, T]
    const Real* scores = nullptr;   // [T, T], scaled, before the mask; null for averages
    Index T = 0;
    Index layer = 0, head = 0;  // -1: averaged over
    Sight sight;

    Real weight(Index query, Index key) const { return weights[query * T + key]; }
};

/// The map that stage.layer and stage.head name; weights is null if the run did not keep it.
ChosenMap chosen_map(const Run& run, const AttentionSummary& summary, Index layer, Index head);

struct AttentionPicture;

struct AttentionMemory {
    std::shared_ptr<const ShownTokens> shown;  // that the rest was made from
    std::shared_ptr<const AttentionSummary> summary;
    ChosenMap map;
    Texture picture;           // of `map`
    Texture thumbnails;        // all of them side by side
    Index thumbnail_cell = 0;  // pixels of one in that texture
    bool dark = false;         // theme that the textures were painted for
    ColourScale scale;
    HeatmapState heatmap;
    Index seen_query = -1, seen_key = -1;  // what was looked at in the last frame
    bool panel = false;                    // the panel beside the map was drawn in this frame
    float least_weight = 0.05F;            // of the lines that are drawn
    Index line_token = -1;                 // keyboard's token in the lines view
    std::shared_ptr<const AttentionPicture> saving;  // the picture that is being written
    std::uint64_t pictures = 0;                      // asked for so far
};

/// Makes what belongs to the run, the theme and the chosen head; false if the run has no patterns.
bool refresh(ViewContext& context, AttentionMemory& memory);

/// "Layer 2, head 3", "Layer 2, average of the heads", "Average of all layers and heads"
std::string map_title(const ViewContext& context, const ChosenMap& map);

/// Side of one thumbnail for an area, in pixels.
float thumbnail_side(ImVec2 room, Index layers, Index heads, const Theme& theme);
/// Width of the whole grid for that side, row labels included.
float thumbnails_width(float side, Index heads, const Theme& theme);
void draw_thumbnails(ViewContext& context, AttentionMemory& memory, float side);

/// The numbers of one cell: tokens, weight, score, mask, and what the query looks at most.
void draw_cell_numbers(const ViewContext& context, const AttentionMemory& memory, Index query,
                       Index key);
/// The same cell beside the map, with the strongest keys of its query as bars; `key` -1: the query
/// alone.
void draw_cell_panel(const ViewContext& context, const AttentionMemory& memory, Index query,
                     Index key, float width, float height);

/// The chosen map with the card of the cell that is looked at; a click pins.
HeatmapAnswer draw_attention_map(ViewContext& context, AttentionMemory& memory, ImVec2 size);
void draw_attention_lines(ViewContext& context, AttentionMemory& memory, ImVec2 size);

}  // namespace vitrine::viz
