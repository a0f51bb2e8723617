// Which of a model's stacks a view shows: the stage names it, buttons choose it.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "viz/app/view.h"
#include "viz/views/shown_tokens.h"

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
/// Buttons for the stacks of blocks, in a row of their own, if there is more than one.
void draw_tower_choice(ViewContext& context);

/// What a view of one stack of blocks remembers of where it looks.
struct ShownTower {
    std::shared_ptr<const ShownTokens> shown;  // that the rest was made from
    const AttentionStack* stack = nullptr;     // of shown->run: the chosen stack of blocks

    Tower tower() const { return {*shown->run, stack}; }
    /// The names of the stack's positions.
    const std::vector<std::string>& labels() const { return shown->of(tower().axis()); }
};

}  // namespace vitrine::viz
