// What an encoder says of a whole text: its class, and whether the second line follows the first.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "viz/app/view.h"
#include "viz/widgets/bars.h"

namespace vitrine::viz {

struct Judged {
    std::string label;
    double probability = 0.0;
};

/// True if config.json says that a text may have several labels. @throws FileError
bool has_several_labels(const std::string& folder);

/// The labels of the run's text, the likeliest first; none if the model has no such layer.
/// @param several  a text may have several: each is a yes or no of its own
std::vector<Judged> classes_of(const Run& run, bool several);

/// How probable it is that the second line follows the first; nothing if the model has no such
/// layer or the text is no pair.
std::optional<double> follows(const Run& run);

/// True if the model judges whole texts.
bool judges(const Run& run);

struct JudgementMemory {
    BarsState classes, following;
};

/// Both as bars with their headings, `width` wide.
void draw_judgement(ViewContext& context, float width);

}  // namespace vitrine::viz
