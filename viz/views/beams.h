// Beam search as a tree.
#pragma once

#include "viz/app/view.h"

namespace vitrine::viz {

struct BeamsMemory {
    int beams = 3, steps = 5;
    int key_node = -1;
    bool by_keyboard = false;
    ImVec2 first;  // left middle of the best node of the first step, in the last frame
};

void draw_beams(ViewContext& context);

}  // namespace vitrine::viz
