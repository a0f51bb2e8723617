// A run that is broken on purpose: one thing is changed, and the next token's probabilities are put
// beside those of the unbroken run.
#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <vector>

#include "viz/app/run.h"

namespace vitrine::viz {

enum class Fault {
    none,
    no_scale,    // scores are not divided by sqrt(D), in every head
    no_mask,     // every token sees the future, in every head
    no_softmax,  // scores are used as weights as they are, in every head
    head_off,    // one head gives zeros
    edited_cell  // one weight of one pattern is set by hand
};

struct Breakage {
    Fault fault = Fault::none;
    Index layer = 0, head = 0;  // of head_off and edited_cell
    Index query = 0, key = 0;   // of edited_cell
    float weight = 0.0F;        // of edited_cell
    bool renormalise = true;    // the row's other weights make up for it

    /// Differs for different breakages, and for different runs.
    std::uint64_t id(std::uint64_t serial) const;
};

/// A row of weights with one set by hand. With `renormalise` the others shrink or grow in their
/// proportions so that the row still adds up to 1.
void edit_row(std::span<Real> row, Index key, float weight, bool renormalise);

struct NextToken {
    int id = 0;
    double before = 0.0, after = 0.0;  // probabilities at the last position
};

struct BrokenRun {
    std::uint64_t serial = 0;       // of the unbroken run
    std::vector<NextToken> tokens;  // the likeliest of both runs, by the larger of the two
    double moved = 0.0;  // probability that went to other tokens, 0 to 1 (total variation)
};

/// Runs the model of `run` on its tokens with that breakage, and compares the last position.
/// @throws Stopped
std::shared_ptr<const BrokenRun> run_broken(const Run& run, const Breakage& breakage,
                                            const std::stop_token& stop);

}  // namespace vitrine::viz
