#include "viz/views/pictures_numbers.h"

#include <algorithm>

#include "viz/views/attention_parts.h"

namespace vitrine::viz {

const AttentionStack* picture_stack(const Run& run) {
    const auto found =
        std::find_if(run.stacks.begin(), run.stacks.end(),
                     [](const AttentionStack& stack) { return stack.queries == Axis::picture; });
    return found == run.stacks.end() || !found->summary ? nullptr : &*found;
}

Index PatchWeights::strongest() const {
    return std::max_element(patches.begin(), patches.end()) - patches.begin();
}

PatchWeights patch_weights(const Run& run, Index layer, Index head, Index from) {
    const AttentionStack* stack = picture_stack(run);
    if (stack == nullptr) return {};
    const ChosenMap map = chosen_map(run, *stack, layer, head);
    if (map.weights == nullptr) return {};
    const Real* row = map.weights + from * map.S;
    return {{row + 1, row + map.S}, row[0]};
}

}  // namespace vitrine::viz
