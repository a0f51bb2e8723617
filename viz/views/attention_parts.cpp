#include "viz/views/attention_parts.h"

#include <algorithm>

#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

const Real* head_values(const Run& run, Index layer, Index head, const char* name) {
    const auto found = run.activations.find("blocks." + std::to_string(layer) + ".attn." + name);
    if (found == run.activations.end() || found->second.shape.size() != 3) return nullptr;
    const Activation& activation = found->second;
    if (head >= activation.shape[0]) return nullptr;
    return activation.values.data() + head * activation.shape[1] * activation.shape[2];
}

void paint_thumbnails(AttentionMemory& memory, const Theme& theme, const TextureDevice& device) {
    const AttentionSummary& summary = *memory.summary;
    const Index cell = summary.average_thumbnail.size;
    const Sight sight = sight_of(*memory.shown->run, -1);
    const Index columns = summary.heads + 1;
    const Index T = summary.average.size;
    Image atlas(static_cast<int>(columns * cell), static_cast<int>((summary.layers + 1) * cell));
    ColourScale scale =
        memory.scale;  // pooling makes weights smaller: the largest takes the full colour
    scale.largest = 1e-6F;
    for (const AttentionMap& map : summary.thumbnails) {
        for (const Real value : map.values) scale.largest = std::max<float>(scale.largest, value);
    }
    const auto put = [&](const AttentionMap& map, Index row, Index column) {
        // A pooled cell is hidden if even its last query comes before its first key.
        const Image image =
            paint_map(map.values.data(), cell, cell, scale, theme, [&](Index query, Index key) {
                return sight.causal && key * T / cell > ((query + 1) * T - 1) / cell;
            });
        for (int y = 0; y < image.height; ++y) {
            for (int x = 0; x < image.width; ++x) {
                atlas.at(static_cast<int>(column * cell) + x, static_cast<int>(row * cell) + y) =
                    image.at(x, y);
            }
        }
    };
    for (Index layer = 0; layer < summary.layers; ++layer) {
        for (Index column = 0; column < columns; ++column) {
            put(summary.thumbnails[static_cast<std::size_t>(layer * columns + column)], layer,
                column);
        }
    }
    put(summary.average_thumbnail, summary.layers, summary.heads);
    memory.thumbnail_cell = cell;
    memory.thumbnails.set(device, std::move(atlas));
}

void take_run(ViewContext& context, AttentionMemory& memory) {
    memory.summary =
        context.run->attention ? context.run->attention : summarise_attention(*context.run);
    memory.map = ChosenMap{};
    memory.thumbnails.reset();
}

}  // namespace

Sight sight_of(const Run& run, Index layer) {
    if (!run.model) return {};
    if (run.model->encoder() != nullptr) return {false, 0};
    const Decoder* decoder = run.model->decoder();
    if (decoder == nullptr || layer < 0) return {};
    const AttentionWeights& weights =
        decoder->weights().blocks.at(static_cast<std::size_t>(layer)).attn;
    return {weights.causal, weights.window};
}

ChosenMap chosen_map(const Run& run, const AttentionSummary& summary, Index layer, Index head) {
    ChosenMap map;
    map.T = summary.average.size;
    map.layer = layer;
    map.head = layer < 0 ? -1 : head;
    map.sight = sight_of(run, layer);
    if (layer < 0) {
        map.weights = summary.average.values.data();
    } else if (head < 0) {
        map.weights = summary.layer_averages[static_cast<std::size_t>(layer)].values.data();
    } else {
        map.weights = head_values(run, layer, head, "pattern");
        map.scores = head_values(run, layer, head, "scores");
    }
    return map;
}

bool refresh(ViewContext& context, AttentionMemory& memory) {
    Stage& stage = context.stage;
    const bool new_run = take_shown(context, memory.shown);
    if (new_run) take_run(context, memory);
    if (!memory.summary) return false;
    const bool new_colours = new_run || memory.dark != context.theme.dark;
    const AttentionSummary& summary = *memory.summary;
    stage.layer = std::clamp<Index>(stage.layer, -1, summary.layers - 1);
    stage.head = stage.layer < 0 ? -1 : std::clamp<Index>(stage.head, -1, summary.heads - 1);
    const Index T = summary.average.size;
    if (stage.pinned_query >= T) stage.pinned_query = -1;
    if (stage.pinned_key >= T) stage.pinned_key = -1;
    if (new_colours || memory.thumbnails.empty()) {
        memory.dark = context.theme.dark;
        paint_thumbnails(memory, context.theme, context.memory.device());
        memory.picture.reset();
    }
    const bool other = memory.map.layer != stage.layer || memory.map.head != stage.head;
    if (memory.picture.empty() || other || !memory.map.weights) {
        memory.map = chosen_map(*memory.shown->run, summary, stage.layer, stage.head);
        if (!memory.map.weights) return false;
        memory.picture.set(
            context.memory.device(),
            paint_map(memory.map.weights, T, T, memory.scale, context.theme,
                      [&](Index query, Index key) { return memory.map.sight.hides(query, key); }));
    }
    return true;
}

std::string map_title(const ViewContext& context, const ChosenMap& map) {
    const std::string layer = std::to_string(map.layer);
    if (map.layer < 0) {
        return context.say("Average of all layers and heads", "모든 층과 헤드의 평균");
    }
    if (map.head < 0) {
        return context.language == Language::korean ? layer + "번 층, 헤드 평균"
                                                    : "Layer " + layer + ", average of its heads";
    }
    const std::string head = std::to_string(map.head);
    return context.language == Language::korean ? layer + "번 층, " + head + "번 헤드"
                                                : "Layer " + layer + ", head " + head;
}

}  // namespace vitrine::viz
