// Which of a model's stacks a view shows: the stage names it, buttons choose it.
#pragma once

#include <span>
#include <vector>

#include "viz/app/view.h"

namespace vitrine::viz {

/// The kind of attention that the stage names, else the first; null if the run has none.
const AttentionStack* chosen_stack(const Run& run, const Stage& stage);

std::vector<const AttentionStack*> stacks_of(const Run& run);
/// The stacks of blocks, each by its attention to itself.
std::vector<const AttentionStack*> towers_of(const Run& run);
/// The stack of blocks that the stage names, by its cross-attention too; else the first.
Tower chosen_tower(const Run& run, const Stage& stage);

/// In a row: "Encoder", "Cross".
const char* stack_name(const ViewContext& context, const AttentionStack& stack);
/// Buttons, if there is more than one. @return  true if there are
bool draw_stack_choice(ViewContext& context, std::span<const AttentionStack* const> stacks,
                       const AttentionStack* chosen);

}  // namespace vitrine::viz
