// Where the labels of points go so that none covers another.
#pragma once

#include <imgui.h>

#include <span>
#include <vector>

namespace vitrine::viz {

struct LabelWish {
    ImVec2 point;
    ImVec2 size;  // of the text
};

struct LabelPlace {
    bool shown = false;
    ImVec2 low;        // top left of the text
    bool far = false;  // so far from its point that a line should lead there
};

/// Places labels in the order of the list: the first ones have the choice. Each goes beside its
/// point, or a little further off; one that fits nowhere is not shown.
/// @param low, high  the rectangle that labels stay in
/// @param gap        pixels between a point and its label
std::vector<LabelPlace> place_labels(std::span<const LabelWish> wishes, ImVec2 low, ImVec2 high,
                                     float gap);

}  // namespace vitrine::viz
