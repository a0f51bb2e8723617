// The tokens of the run on the stage with their names, made once for all views.
#pragma once

#include "viz/app/view.h"
#include "viz/views/token_labels.h"

namespace vitrine::viz {

struct ShownTokens {
    std::shared_ptr<const Run> run;  // not null
    Language language = Language::english;
    TokenLabels tokens;
    std::vector<std::string> labels;  // short_labels() of them
};

/// Puts the tokens of context.run, which is there, into a view's memory.
/// @return  true if the run or the language is another than it was for `shown`
bool take_shown(ViewContext& context, std::shared_ptr<const ShownTokens>& shown);

}  // namespace vitrine::viz
