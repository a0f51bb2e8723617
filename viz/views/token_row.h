// The text of a run as a row of tokens, from which a view lets the learner choose a position.
#pragma once

#include <string>
#include <vector>

#include "viz/app/view.h"
#include "viz/widgets/chips.h"

namespace vitrine::viz {

struct TokenRowState {
    ChipsState chips;
    Index shown_position = -1;  // that was scrolled into sight
    std::shared_ptr<const Run> shown_run;
};

/// One line that scrolls sideways; a click or Enter sets the stage's position.
/// @param fills  a colour a token, or null for the usual tints
/// @return       where the token is that is pointed at, or seen = -1
ChipsAnswer draw_token_row(ViewContext& context, TokenRowState& state,
                           const std::vector<std::string>& labels, Index position,
                           const std::vector<ImU32>* fills = nullptr);

}  // namespace vitrine::viz
