#include "viz/widgets/label_places.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace vitrine::viz {

namespace {

struct Box {
    ImVec2 low, high;
    bool meets(const Box& other) const {
        return low.x < other.high.x && other.low.x < high.x && low.y < other.high.y &&
               other.low.y < high.y;
    }
};

/// The place of a label that lies in a direction from its point.
ImVec2 beside(const LabelWish& wish, ImVec2 direction, float gap) {
    const float x = wish.point.x + gap * direction.x;
    const float y = wish.point.y + gap * direction.y;
    const auto shift = [](float part) { return part > 0.3F ? 0.0F : part < -0.3F ? -1.0F : -0.5F; };
    return {x + shift(direction.x) * wish.size.x, y + shift(direction.y) * wish.size.y};
}

}  // namespace

std::vector<LabelPlace> place_labels(std::span<const LabelWish> wishes, ImVec2 low, ImVec2 high,
                                     float gap) {
    const std::array<ImVec2, 8> directions{{{1.0F, 0.0F},
                                            {-1.0F, 0.0F},
                                            {0.7F, -0.7F},
                                            {0.7F, 0.7F},
                                            {-0.7F, -0.7F},
                                            {-0.7F, 0.7F},
                                            {0.0F, -1.0F},
                                            {0.0F, 1.0F}}};
    constexpr std::array<float, 4> distances{1.0F, 2.5F, 5.0F, 8.0F};
    std::vector<Box> taken;
    for (const LabelWish& wish : wishes) {  // points are not written over
        const float half = 0.5F * gap;
        taken.push_back({{wish.point.x - half, wish.point.y - half},
                         {wish.point.x + half, wish.point.y + half}});
    }
    std::vector<LabelPlace> places;
    for (const LabelWish& wish : wishes) {
        LabelPlace place;
        for (std::size_t i = 0; i < distances.size() * directions.size() && !place.shown; ++i) {
            const float distance = distances[i / directions.size()];
            const ImVec2 at = beside(wish, directions[i % directions.size()], distance * gap);
            const Box box{at, {at.x + wish.size.x, at.y + wish.size.y}};
            const bool inside = box.low.x >= low.x && box.low.y >= low.y && box.high.x <= high.x &&
                                box.high.y <= high.y;
            const bool free = std::none_of(taken.begin(), taken.end(),
                                           [&](const Box& other) { return box.meets(other); });
            if (!inside || !free) continue;
            place = {true, at, distance > 1.0F};
            taken.push_back(box);
        }
        places.push_back(place);
    }
    return places;
}

}  // namespace vitrine::viz
