// A beam search with everything it looked at: the ways on that were kept and those that were
// dropped.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

#include "viz/app/run.h"

namespace vitrine::viz {

struct BeamNode {
    int parent = -1;  // index of a node; -1: the text itself
    int depth = 1;    // how many new tokens lead here
    int id = 0;
    double probability = 0.0;  // of this token after its parent
    double score = 0.0;        // sum of log probabilities of all new tokens
    bool kept = false;         // it goes on to the next step
    bool best = false;         // it lies on the way to the best end
};

struct BeamTree {
    std::uint64_t serial = 0;     // of the run
    std::vector<BeamNode> nodes;  // by depth, then by score, best first
    std::vector<int> best_ids;    // the new tokens of the best end
};

/// Searches on from the run's text. Each step chooses with chapter 09's beam_step: the best `beams`
/// ways on are kept, the next `beams` are shown as dropped. Tokens that end a text are like any
/// other.
/// @throws Stopped
std::shared_ptr<const BeamTree> grow_beams(const Run& run, int beams, int steps,
                                           const std::stop_token& stop);

}  // namespace vitrine::viz
