#include <algorithm>

#include "nn/parts.h"

namespace vitrine {

void State::truncate(Index positions) {
    length = std::min(length, std::max<Index>(0, positions));
    for (KeyValues& layer : layers) layer.truncate(length);
}

}  // namespace vitrine
