#include "viz/views/merge_replay.h"

#include <algorithm>

namespace vitrine::viz {

MergeReplay::MergeReplay(std::vector<std::vector<MergeStep>> steps) : steps_(std::move(steps)) {
    for (std::size_t word = 0; word < steps_.size(); ++word) {
        for (std::size_t step = 1; step < steps_[word].size(); ++step) {
            order_.push_back({static_cast<Index>(word), static_cast<Index>(step)});
        }
    }
}

ReplayState MergeReplay::after(Index count) const {
    ReplayState state;
    count = std::clamp<Index>(count, 0, merges());
    const ReplayStep last =
        count == 0 ? ReplayStep{0, 0} : order_[static_cast<std::size_t>(count - 1)];
    for (std::size_t word = 0; word < steps_.size(); ++word) {
        const std::vector<MergeStep>& steps = steps_[word];
        if (steps.empty()) continue;
        const auto index = static_cast<Index>(word);
        // Words before the one at work are whole, words after it are single bytes.
        const std::size_t at = index < last.piece    ? steps.size() - 1
                               : index == last.piece ? static_cast<std::size_t>(last.step)
                                                     : 0;
        const MergeStep& step = steps[at];
        if (index == last.piece && at > 0) {
            state.joined = static_cast<Index>(state.pieces.size()) + step.position;
            state.rank = step.rank;
            const std::vector<std::string>& before = steps[at - 1].pieces;
            state.left = before[static_cast<std::size_t>(step.position)];
            state.right = before[static_cast<std::size_t>(step.position) + 1];
        }
        for (const std::string& piece : step.pieces) {
            state.pieces.push_back(piece);
            state.groups.push_back(static_cast<int>(word));
        }
    }
    return state;
}

Index MergeReplay::end_of(int group) const {
    Index end = 0;
    for (const ReplayStep& step : order_) {
        if (step.piece > group) break;
        ++end;
    }
    return end;
}

}  // namespace vitrine::viz
