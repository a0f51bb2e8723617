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
    TokenLabels target;               // of what the model wrote
    std::vector<std::string> target_labels;
    std::vector<std::string> patch_labels;  // "‹class›", "row 1, col 1" ...

    /// The names of what stands along an edge of a map.
    const std::vector<std::string>& of(Axis axis) const {
        return axis == Axis::text ? labels : axis == Axis::target ? target_labels : patch_labels;
    }
    /// The same with characters that the fonts lack: for a file.
    const std::vector<std::string>& exact(Axis axis) const {
        return axis == Axis::text     ? tokens.labels
               : axis == Axis::target ? target.labels
                                      : patch_labels;
    }
    // Of run->writing():
    const TokenLabels& written() const { return run->target.ids.empty() ? tokens : target; }
    const std::vector<std::string>& written_labels() const {
        return of(run->target.ids.empty() ? Axis::text : Axis::target);
    }
};

/// Puts the tokens of context.run, which is there, into a view's memory.
/// @return  true if the run or the language is another than it was for `shown`
bool take_shown(ViewContext& context, std::shared_ptr<const ShownTokens>& shown);

}  // namespace vitrine::viz
