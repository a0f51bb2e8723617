// Colours that let through what lies behind them.
#pragma once

#include <imgui.h>

#include <algorithm>
#include <cmath>

namespace vitrine::viz {

/// @param alpha  0: not to be seen, 255: opaque
inline ImU32 with_alpha(ImU32 colour, ImU32 alpha) {
    return (colour & ~IM_COL32_A_MASK) | (alpha << IM_COL32_A_SHIFT);
}

/// @param part  0: not to be seen, 1: opaque
inline ImU32 faded(ImU32 colour, float part) {
    return with_alpha(colour,
                      static_cast<ImU32>(std::lround(std::clamp(part, 0.0F, 1.0F) * 255.0F)));
}

}  // namespace vitrine::viz
