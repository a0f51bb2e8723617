// The logit lens over a whole run: for every layer and position the tokens that would come next.
#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <vector>

#include "viz/app/run.h"

namespace vitrine::viz {

struct LensToken {
    int id = 0;
    float probability = 0.0F;
};

/// What stands at one place: the likeliest tokens, best first.
using LensCell = std::vector<LensToken>;

struct Lens {
    std::uint64_t serial = 0;        // of the run
    Index first = 0, positions = 0;  // the positions [first, first + positions) of the run
    Index places = 0;                // before block 0, then after each block: L + 1
    std::vector<LensCell> cells;     // [places, positions]

    const LensCell& at(Index place, Index position) const {
        return cells[static_cast<std::size_t>(place * positions + position - first)];
    }
};

/// For the `count` positions that end with `last`. Null if the model is no decoder or the run did
/// not keep its stream. @throws Stopped
std::shared_ptr<const Lens> look_through_lens(const Run& run, Index last, Index count,
                                              const std::stop_token& stop);

}  // namespace vitrine::viz
