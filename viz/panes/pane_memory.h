// What the panes know of the book: read from the disk now and then, never in the middle of a check.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "chapters/runner/workspace.h"
#include "viz/app/view.h"

namespace vitrine::viz {

struct BookMemory {
    std::vector<runner::Chapter> chapters;
    std::map<std::string, runner::Progress> progress;
    std::string problem;
    double read_at = -10;

    /// The chapter of this id, or the first one; null if there is none.
    const runner::Chapter* find(const std::string& id) const;
    runner::ExerciseState state_of(const std::string& id) const;
};

/// The book as it is now; progress is read again once a second.
BookMemory& book(ViewContext& context);

}  // namespace vitrine::viz
