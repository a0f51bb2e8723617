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

/// One map on the stage: a head's, or an average.
struct ChosenMap {
    const Real* weights = nullptr;  // [T, S]
    const Real* scores = nullptr;   // [T, S], scaled, before the mask; null for averages
    Index T = 0, S = 0;             // queries, keys
    Index layer = 0, head = 0;      // -1: averaged over
    Sight sight;

    Real weight(Index query, Index key) const { return weights[query * S + key]; }
};

/// The map of a layer and head; weights is null if the run did not keep it.
/// @param stack  one with a summary
ChosenMap chosen_map(const Run& run, const AttentionStack& stack, Index layer, Index head);

struct AttentionPicture;
struct LargeMap;  // viz/views/attention_large.h

/// What a painted map is of, apart from the run.
struct PaintedFor {
    Index layer = 0, head = 0;
    bool dark = false, root = false;
    bool operator==(const PaintedFor&) const = default;
};

struct AttentionMemory {
    std::shared_ptr<const ShownTokens> shown;  // that the rest was made from
    const AttentionStack* stack = nullptr;     // of shown->run: the chosen one
    std::shared_ptr<const AttentionSummary> summary;
    ChosenMap map;                          // without weights: it is on its way
    std::shared_ptr<const LargeMap> large;  // that `map` looks at; null: at the run
    PaintedFor wanted;
    // Numbers of what was asked for, and of what is there.
    std::uint64_t asked_map = 0, map_of = 0, asked_thumbnails = 0, thumbnails_of = 0;

    const std::vector<std::string>& query_labels() const { return shown->of(stack->queries); }
    const std::vector<std::string>& key_labels() const { return shown->of(stack->keys); }
    /// Rows and columns are the same things: pointing at one marks the other.
    bool square() const { return stack->queries == stack->keys; }
    Texture picture;     // of `map`
    Texture thumbnails;  // all of them side by side
    ColourScale scale;
    HeatmapState heatmap;
    Index seen_query = -1, seen_key = -1;  // what was looked at in the last frame
    bool panel = false;                    // the panel beside the map was drawn in this frame
    float least_weight = 0.05F;            // of the lines that are drawn
    Index line_token = -1;                 // keyboard's token in the lines view
    std::shared_ptr<const AttentionPicture> saving;  // the picture that is being written
    std::uint64_t pictures = 0;                      // asked for so far
};

/// Makes what belongs to the run, the theme, the chosen stack and head, or asks for it; false if
/// the run has no patterns of it.
bool refresh(ViewContext& context, AttentionMemory& memory);

/// "Layer 2, head 3", "Layer 2, average of the heads", "Average of all layers and heads"
std::string map_title(const ViewContext& context, Index layer, Index head);

/// What a row of a map is and does.
const char* stack_sentence(const ViewContext& context, const AttentionStack& stack);
/// Titles of the two edges, and what is hidden.
const char* query_title(const ViewContext& context, const AttentionStack& stack);
const char* key_title(const ViewContext& context, const AttentionStack& stack);
const char* hidden_sentence(const ViewContext& context, const AttentionMemory& memory);
/// The empty state of a stack of which the run has no patterns.
void draw_without_patterns(ViewContext& context, const AttentionStack* stack);

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
