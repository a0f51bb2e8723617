// The merges of a text one by one: all steps of all its pieces in a row. Pure.
#pragma once

#include <string>
#include <vector>

#include "text/tokenizer.h"

namespace vitrine::viz {

/// A step of the whole text: merge `step` of piece `piece`. Step 0 of a piece is not counted: there
/// every piece stands as single bytes.
struct ReplayStep {
    Index piece = 0;
    Index step = 0;
};

/// How the text looks after some of its merges.
struct ReplayState {
    std::vector<std::string> pieces;  // raw bytes, of the whole text in order
    std::vector<int> groups;          // for each, the word (pre-token) it belongs to
    Index joined = -1;                // index in `pieces` of what was joined last; -1: nothing yet
    int rank = -1;                    // of the rule that joined it
    std::string left, right;          // what it was joined from
};

class MergeReplay {
   public:
    MergeReplay() = default;
    explicit MergeReplay(std::vector<std::vector<MergeStep>> steps);

    Index merges() const { return static_cast<Index>(order_.size()); }
    /// The text after the first `count` merges; words are built one after the other.
    ReplayState after(Index count) const;
    /// The number of merges after which the word at `group` is whole.
    Index end_of(int group) const;

   private:
    std::vector<std::vector<MergeStep>> steps_;  // [word][0 .. merges of it]
    std::vector<ReplayStep> order_;
};

}  // namespace vitrine::viz
