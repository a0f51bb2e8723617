// What the comparison view is made of.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "chapters/runner/comparison.h"
#include "viz/app/view.h"

namespace vitrine::viz {

/// An activation of the library's run.
struct CompareCell {
    std::string name;                              // "blocks.0.attn.scores"; empty: there is none
    const runner::StepReport* compared = nullptr;  // null: the other run does not show it
};

/// The chain as a table: a row for each step of a block, a column for each block; what comes before
/// and behind the blocks stands apart.
struct CompareGrid {
    std::vector<std::string> steps;   // "attn.scores", in the order they are made
    Index layers = 0;                 // L
    std::vector<CompareCell> cells;   // [steps, L]
    std::vector<CompareCell> before;  // embed, pos_embed
    std::vector<CompareCell> behind;  // ln_final, logits
};

/// @param report  kept alive by the caller as long as the grid
CompareGrid grid_of(const runner::PartsReport& report);

/// The learner's exercises that are parts of a model and whose file is there: "attention", ...
std::vector<std::string> started_parts();

/// "mine=a,b" with `part` taken in or out. All of `started` is "mine"; none is "fast".
std::string toggled(const std::string& choice, const std::string& part,
                    const std::vector<std::string>& started);
/// True if the choice has this part as the learner's.
bool is_chosen(const std::string& choice, const std::string& part);

struct CompareMemory {
    std::shared_ptr<const runner::PartsReport> report;  // that the grid was made from
    CompareGrid grid;
    std::vector<std::string> started;
    double looked_at = -10;  // for started files
    Index row = 0, column = 0;
    bool by_keyboard = false;
};

/// Buttons: library, chapters, mine; and which of mine.
void draw_parts_choice(ViewContext& context, CompareMemory& memory);
/// The list of the learner's parts, each alone.
void draw_alone(ViewContext& context, const runner::PartsReport& report, float width);
/// The table of the chain.
void draw_chain(ViewContext& context, CompareMemory& memory, ImVec2 size);

}  // namespace vitrine::viz
