// What the timeline view is made of.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "viz/app/view.h"
#include "viz/views/shown_tokens.h"
#include "viz/widgets/bars.h"

namespace vitrine::viz {

/// One token of the text as the model saw it coming.
struct Moment {
    double probability = 1.0;  // that the model gave it; the first has none: 1
    double entropy = 0.0;      // in bits, of the choice before it
    Index rank = 1;            // 1: the likeliest
};

/// One moment for each position. A causal model gave the same numbers when it wrote the text.
std::vector<Moment> moments_of(const Run& run);

/// Bytes that the keys and values of one position take over all layers, in float32.
std::size_t cache_bytes_a_position(const ModelInfo& info);
/// Bytes of the state that a model without keys and values carries from token to token; 0: it has
/// those.
std::size_t state_bytes(const LanguageModel& model);

struct TimelineMemory {
    std::shared_ptr<const ShownTokens> shown;            // that the rest was made from
    std::shared_ptr<const std::vector<Moment>> moments;  // of the run, from the background
    double highest = 1.0;  // probability that a full column stands for
    ImVec2 rewind;         // middle of its button, in the last frame
    bool playing = false;
    float since_step = 0.0F;      // seconds
    Index listed = -1;            // position that `candidates` belong to
    std::size_t state_bytes = 0;  // of the model's state; 0: it has a cache
    std::vector<Bar> candidates;
    BarsState bars;
};

/// The cache as cells, layers by positions, filled up to the chosen one.
void draw_cache(ViewContext& context, const TimelineMemory& memory, Index chosen, ImVec2 size);

}  // namespace vitrine::viz
