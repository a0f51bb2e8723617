// The view of the encoder-decoder of 2017 on the learner's text, with random weights: its three
// attentions.
#pragma once

#include "viz/app/view.h"

namespace vitrine::viz {

void draw_encoder_decoder(ViewContext& context);

}  // namespace vitrine::viz
