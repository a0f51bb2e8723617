// What the pictures view remembers, and its areas.
#pragma once

#include <memory>
#include <vector>

#include "viz/app/view.h"
#include "viz/views/pictures_numbers.h"
#include "viz/widgets/bars.h"

namespace vitrine::viz {

struct PicturesMemory {
    std::shared_ptr<const Run> run;  // that the rest was made from
    bool dark = false;
    Index layer = -2, head = -2, from = -1;  // of `weights`
    PatchWeights weights;
    Texture photo;                            // what the model sees
    std::shared_ptr<const Picture> photo_of;  // that picture
    Texture overlay;                          // a pixel a patch
    Texture heads;                            // all heads side by side, a pixel a patch

    Index chosen = -1;  // patch whose attention is shown; -1: the class embedding's
    Index seen = -1;    // patch that is looked at
    Index key = -1;     // the keyboard's
    bool by_keyboard = false;
    ImVec2 low;         // of the picture on the screen, in the last frame
    float side = 0.0F;  // of a patch there
    BarsState captions;
};

/// Makes what belongs to the run, the theme, the head and the patch.
void refresh(ViewContext& context, PicturesMemory& memory);

/// The picture with its patches and what lies on them, `side` wide and high.
void draw_picture(ViewContext& context, PicturesMemory& memory, float side);
/// A small map of each head: what the class embedding looks at.
void draw_picture_heads(ViewContext& context, PicturesMemory& memory, float width);

}  // namespace vitrine::viz
