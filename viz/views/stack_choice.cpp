#include "viz/views/stack_choice.h"

#include <algorithm>

#include "viz/widgets/controls.h"

namespace vitrine::viz {

const AttentionStack* chosen_stack(const Run& run, const Stage& stage) {
    for (const AttentionStack& stack : run.stacks) {
        if (stack.id == stage.stack) return &stack;
    }
    return run.stacks.empty() ? nullptr : &run.stacks.front();
}

std::vector<const AttentionStack*> stacks_of(const Run& run) {
    std::vector<const AttentionStack*> stacks;
    stacks.reserve(run.stacks.size());
    for (const AttentionStack& stack : run.stacks) stacks.push_back(&stack);
    return stacks;
}

std::vector<const AttentionStack*> towers_of(const Run& run) {
    std::vector<const AttentionStack*> towers = stacks_of(run);
    std::erase_if(towers,
                  [](const AttentionStack* stack) { return stack->queries != stack->keys; });
    return towers;
}

Tower chosen_tower(const Run& run, const Stage& stage) {
    const AttentionStack* stack = chosen_stack(run, stage);
    if (stack == nullptr) return run;
    const std::vector<const AttentionStack*> towers = towers_of(run);
    return {run, *std::find_if(towers.begin(), towers.end(), [&](const AttentionStack* tower) {
                return tower->prefix == stack->prefix;
            })};
}

const char* stack_name(const ViewContext& context, const AttentionStack& stack) {
    if (stack.queries != stack.keys) return context.say("Cross", "크로스");
    if (stack.queries == Axis::picture) return context.say("Picture", "그림");
    if (stack.queries == Axis::target) return context.say("Decoder", "디코더");
    return stack.id == "encoder" ? context.say("Encoder", "인코더") : context.say("Text", "글");
}

bool draw_stack_choice(ViewContext& context, std::span<const AttentionStack* const> stacks,
                       const AttentionStack* chosen) {
    if (stacks.size() < 2) return false;
    std::vector<const char*> names;
    names.reserve(stacks.size());
    for (const AttentionStack* stack : stacks) names.push_back(stack_name(context, *stack));
    int at = static_cast<int>(std::find(stacks.begin(), stacks.end(), chosen) - stacks.begin());
    if (segmented(context.theme, "stack", names, at)) {
        context.stage.stack = stacks[static_cast<std::size_t>(at)]->id;
        context.stage.pinned_query = context.stage.pinned_key = -1;
    }
    return true;
}

void draw_tower_choice(ViewContext& context) {
    const Tower tower = chosen_tower(*context.run, context.stage);
    if (draw_stack_choice(context, towers_of(*context.run), tower.stack()))
        ImGui::Dummy({0.0F, context.theme.unit});
}

}  // namespace vitrine::viz
