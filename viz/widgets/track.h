// A line of time with stops on it, of which one is chosen: by the pointer, or with left and right,
// Home and End. One focus stop.
#pragma once

#include <span>

#include "tensor/tensor.h"
#include "viz/app/theme.h"

namespace vitrine::viz {

struct TrackInput {
    const char* id = "track";
    Index total = 1;               // where the line ends
    Index done = 0;                // up to where it is filled
    std::span<const Index> stops;  // ascending
    Index chosen = -1;             // index of a stop; -1: none
    float width = 0.0F;
};

struct TrackAnswer {
    Index seen = -1;    // stop under the pointer or, with the keyboard's focus, the chosen one
    Index chosen = -1;  // stop that was chosen in this frame; -1: none
    bool by_keyboard = false;
    ImVec2 anchor;  // where a card may stand
};

TrackAnswer draw_track(const Theme& theme, const TrackInput& input);

}  // namespace vitrine::viz
