// What the gradients view is made of.
#pragma once

#include <memory>
#include <string>

#include "viz/app/character_run.h"
#include "viz/app/view.h"
#include "viz/views/gradient_report.h"
#include "viz/widgets/curves.h"

namespace vitrine::viz {

struct GradientsMemory {
    std::string parts = "mine";  // under test
    std::shared_ptr<const GradientReport> report;
    bool busy = false;        // a newer report is under way
    std::string problem;      // why there is none
    std::uint64_t saved = 0;  // the newest save that was seen
    double look_at = -10;     // when to look for one again, in seconds
    bool started = false;     // the chapter's file is there

    Index row = -1, column = 0;  // chosen cell; row -1: none
    bool by_keyboard = false;
    const GradientReport* painted = nullptr;  // what `entries` shows ...
    Index painted_row = -1;                   // ... and of which row
    bool painted_dark = false;
    Texture entries;

    std::unique_ptr<CharacterRun> mine, library;
    std::string trained;  // the parts that `mine` is trained with
    std::vector<Real> mine_curve, library_curve;
    CurvesState curves;
};

/// Green below the bound; above it red, the stronger the larger.
ImU32 error_colour(const Theme& theme, double error, double bound);
/// "2.1e-05"
std::string error_text(double error);

/// The table: a row for each parameter, a column for each function.
void draw_gradient_table(ViewContext& context, GradientsMemory& memory, float width);
/// The chosen parameter, entry by entry.
void draw_gradient_entries(ViewContext& context, GradientsMemory& memory, ImVec2 size);
/// Buttons, loss curves and what both models write.
void draw_gradient_training(ViewContext& context, GradientsMemory& memory, ImVec2 size);

inline constexpr Index character_steps = 1500;

}  // namespace vitrine::viz
