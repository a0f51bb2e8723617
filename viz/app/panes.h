// The panes beside the stage: chapters and models on the left, lesson and exercise on the right.
#pragma once

#include <string>

#include "viz/app/view.h"

namespace vitrine::viz {

/// What the panes share: the chosen chapter.
struct PaneContext {
    ViewContext& view;
    std::string& chapter;  // id of the chosen chapter: "04_attention"
    std::string model_name;
    std::string beside_name{};  // of the second model; empty: none
};

/// The list of chapters and models.
void draw_chapters(PaneContext& context);
/// The lesson of the chosen chapter.
void draw_lesson(PaneContext& context);
/// The exercise of the chosen chapter.
void draw_exercise(PaneContext& context);

}  // namespace vitrine::viz
