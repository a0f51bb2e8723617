// The view of the token table: the rows of the learner's tokens, what lies near them, and the
// shadow of the whole table on a plane.
#pragma once

#include "viz/app/view.h"

namespace vitrine::viz {

void draw_embeddings(ViewContext& context);

}  // namespace vitrine::viz
