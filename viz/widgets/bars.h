// Horizontal bars with a label in front and numbers behind, one focus stop for all of them.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "tensor/tensor.h"
#include "viz/app/theme.h"

namespace vitrine::viz {

struct Bar {
    std::string label;
    double value = 0.0;    // length; the longest bar of all fills the room
    double marker = -1.0;  // a tick on the same scale; negative: none
    std::string number;    // right of the bar, first column
    std::string second;    // second column
    bool cut = false;      // grey, its label struck out
    bool strong = false;   // label in the accent colour: this one follows in the text
};

struct BarsInput {
    const char* id = "bars";
    std::span<const Bar> bars;
    float width = 0.0F;
    float row = 0.0F;   // height of one
    double full = 1.0;  // value of a bar that fills the room
    const char* label_title = "";
    const char* marker_title = "";  // what the tick stands for; shown where there is one
    const char* number_title = "";
    const char* second_title = "";
    Index threshold = -1;  // a dashed line before this bar; -1: none
    std::string threshold_caption;
};

struct BarsState {
    Index key_bar = -1;
    bool by_keyboard = false;
    bool focused = false;
};

struct BarsAnswer {
    Index seen = -1;
    Index clicked = -1;
    bool by_keyboard = false;
    ImVec2 low, high;  // of the bar's row on the screen
};

BarsAnswer draw_bars(const Theme& theme, const BarsInput& input, BarsState& state);

}  // namespace vitrine::viz
