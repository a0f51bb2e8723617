#include "viz/views/attention_parts.h"

#include <algorithm>

#include "viz/views/attention_large.h"
#include "viz/views/stack_choice.h"

namespace vitrine::viz {

namespace {

const Real* head_values(const Run& run, const AttentionStack& stack, Index layer, Index head,
                        const char* name) {
    const Activation* all = run.kept(stack.name(layer, name));
    if (all == nullptr || all->shape.size() != 3 || head >= all->shape[0]) return nullptr;
    return all->values.data() + head * all->shape[1] * all->shape[2];
}

}  // namespace

namespace {

/// The heads side by side: at once, or from beside the frames if there are many.
void take_thumbnails(ViewContext& context, AttentionMemory& memory) {
    if (memory.thumbnails_of == memory.asked_thumbnails) return;
    const AttentionStack& stack = *memory.stack;
    const AttentionMap& one = stack.summary->average_thumbnail;
    const Index pixels =
        (stack.summary->layers + 1) * (stack.summary->heads + 1) * one.rows * one.columns;
    if (pixels <= 4 * most_cells_at_once) {
        memory.thumbnails_of = memory.asked_thumbnails;
        memory.thumbnails.set(context.memory.device(),
                              thumbnails_of(stack, memory.scale, context.theme));
        return;
    }
    const auto answer = context.background.ask<Image>(
        "attention thumbnails", memory.asked_thumbnails,
        [run = memory.shown->run, &stack, scale = memory.scale,
         theme = context.theme](const std::stop_token&) {
            return std::make_shared<const Image>(thumbnails_of(stack, scale, theme));
        });
    if (answer.busy) context.wishes.animate = true;
    if (!answer.value || answer.id != memory.asked_thumbnails) return;
    memory.thumbnails_of = answer.id;
    memory.thumbnails.set(context.memory.device(), *answer.value);
}

/// The chosen map; where it comes from beside the frames, the last one stays until it is there.
/// False if the run has none.
bool take_map(ViewContext& context, AttentionMemory& memory, Index cells) {
    if (memory.map_of == memory.asked_map) return true;
    const std::shared_ptr<const Run>& run = memory.shown->run;
    const AttentionStack& stack = *memory.stack;
    const Index layer = memory.wanted.layer, head = memory.wanted.head;
    const ChosenMap kept = chosen_map(*run, stack, layer, head);
    if (kept.weights != nullptr && cells <= most_cells_at_once) {
        memory.map_of = memory.asked_map;
        memory.map = kept;
        memory.large.reset();
        memory.picture.set(
            context.memory.device(),
            paint_map(kept.weights, kept.T, kept.S, memory.scale, context.theme,
                      [&](Index query, Index key) { return kept.sight.hides(query, key); }));
        return true;
    }
    const auto answer = context.background.ask<LargeMap>(
        "attention map", memory.asked_map,
        [run, &stack, layer, head, scale = memory.scale, theme = context.theme](
            const std::stop_token&) { return large_map(*run, stack, layer, head, scale, theme); });
    if (answer.busy) context.wishes.animate = true;
    if (!answer.problem.empty()) return false;
    if (!answer.value || answer.id != memory.asked_map) return true;
    memory.map_of = answer.id;
    memory.large = answer.value;
    memory.map = answer.value->map;
    memory.picture.set(context.memory.device(), answer.value->picture);
    return true;
}

}  // namespace

ChosenMap chosen_map(const Run& run, const AttentionStack& stack, Index layer, Index head) {
    const AttentionSummary& summary = *stack.summary;
    ChosenMap map;
    map.T = summary.average.rows;
    map.S = summary.average.columns;
    map.layer = layer;
    map.head = layer < 0 ? -1 : head;
    map.sight = stack.sight_of(layer);
    if (layer < 0) {
        map.weights = summary.average.values.data();
    } else if (head < 0) {
        map.weights = summary.layer_averages[static_cast<std::size_t>(layer)].values.data();
    } else {
        map.weights = head_values(run, stack, layer, head, "pattern");
        map.scores = head_values(run, stack, layer, head, "scores");
    }
    return map;
}

bool refresh(ViewContext& context, AttentionMemory& memory) {
    Stage& stage = context.stage;
    const bool new_run = take_shown(context, memory.shown);
    const AttentionStack* stack = chosen_stack(*memory.shown->run, stage);
    const bool new_stack = new_run || stack != memory.stack;
    if (new_stack) {
        if (!new_run) memory.heatmap = HeatmapState{};  // another map: nothing of it was looked at
        memory.stack = stack;
        memory.summary = stack == nullptr ? nullptr : stack->summary;
        memory.map = ChosenMap{};
        memory.thumbnails.reset();
        memory.picture.reset();
    }
    if (!memory.summary) return false;
    const AttentionSummary& summary = *memory.summary;
    stage.layer = std::clamp<Index>(stage.layer, -1, summary.layers - 1);
    stage.head = stage.layer < 0 ? -1 : std::clamp<Index>(stage.head, -1, summary.heads - 1);
    const Index T = summary.average.rows, S = summary.average.columns;
    if (stage.pinned_query >= T) stage.pinned_query = -1;
    if (stage.pinned_key >= S) stage.pinned_key = -1;
    const PaintedFor wanted{stage.layer, stage.head, context.theme.dark, memory.scale.root};
    const bool repaint =
        new_stack || wanted.dark != memory.wanted.dark || wanted.root != memory.wanted.root;
    if (repaint) ++memory.asked_thumbnails;
    if (repaint || !(wanted == memory.wanted)) ++memory.asked_map;
    memory.wanted = wanted;
    take_thumbnails(context, memory);
    return take_map(context, memory, T * S);
}

std::string map_title(const ViewContext& context, Index layer, Index head) {
    if (layer < 0) return context.say("Average of all layers and heads", "모든 층과 헤드의 평균");
    const bool korean = context.language == Language::korean;
    const std::string of = std::to_string(layer);
    if (head < 0)
        return korean ? of + "번 층, 헤드 평균" : "Layer " + of + ", average of its heads";
    const std::string which = std::to_string(head);
    return korean ? of + "번 층, " + which + "번 헤드" : "Layer " + of + ", head " + which;
}

}  // namespace vitrine::viz
