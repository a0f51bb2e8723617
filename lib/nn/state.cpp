#include <algorithm>

#include "nn/parts.h"
#include "tensor/error.h"

namespace vitrine {

void State::truncate(Index positions) {
    if (!recurrences.empty() && positions < length) {
        throw ArgumentError("state", "no way back: a state-space model keeps no positions",
                            std::to_string(positions) + " of " + std::to_string(length),
                            "start from new_state(), or keep a copy");
    }
    length = std::min(length, std::max<Index>(0, positions));
    for (KeyValues& layer : layers) layer.truncate(length);
}

}  // namespace vitrine
