// The parts of the next-token view: what it remembers, and its parts.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "viz/app/view.h"
#include "viz/views/next_distribution.h"
#include "viz/views/shown_tokens.h"
#include "viz/widgets/bars.h"
#include "viz/widgets/chips.h"

namespace vitrine::viz {

struct NextMemory {
    std::shared_ptr<const ShownTokens> shown;  // that the rest was made from
    Index position = -1;                       // that the distribution belongs to
    Sampling sampling;                         // and the sliders
    int actual = -1;                           // id that follows in the text, or of an encoder
                                               // the one that stands there; -1: none
    Distribution distribution;
    std::vector<std::string> names;  // of the likeliest tokens
    ChipsState chips;
    BarsState bars;
    std::shared_ptr<const Run> shown_run;  // the strip was scrolled for this choice
    Index shown_position = -1;
};

/// Makes the distribution again if the run, the position or a slider changed.
/// @param listed  how many of the likeliest tokens to list
void refresh_next(ViewContext& context, NextMemory& memory, Index listed);
/// The likeliest tokens; a click appends one to the text.
void draw_next_bars(ViewContext& context, NextMemory& memory, float width, float height);

/// A token of the vocabulary as the eye should see it.
std::string token_text(const Run& run, int id);
/// Wishes for the text up to the chosen position with the i-th likeliest token behind it; of an
/// encoder for the text with that token at the position.
void append_candidate(ViewContext& context, const NextMemory& memory, Index i);
/// Sliders, buttons and the numbers of the distribution, `width` wide.
void draw_next_controls(ViewContext& context, NextMemory& memory, float width);

}  // namespace vitrine::viz
