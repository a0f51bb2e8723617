// Tokens as coloured chips. One focus stop: arrows move from chip to chip, Enter chooses.
#pragma once

#include <limits>
#include <span>
#include <string>
#include <vector>

#include "viz/app/theme.h"
#include "viz/widgets/chip_layout.h"

namespace vitrine::viz {

inline constexpr float one_line = std::numeric_limits<float>::infinity();

struct ChipsState {
    Index key_chip = -1;  // the keyboard's chip
    bool by_keyboard = false;
    bool focused = false;
};

struct ChipsInput {
    const char* id = "chips";
    std::span<const std::string> labels;         // as the font can show them
    const std::vector<bool>* special = nullptr;  // drawn in outline
    const std::vector<bool>* line_ends = nullptr;
    const std::vector<int>* colours = nullptr;  // index of the tint; null: 0, 1, 2 ...
    const std::vector<ImU32>* fills = nullptr;  // colours of their own, instead of tints
    Index chosen = -1;
    Index marked = -1;                         // pointed at in another view
    Index faded_from = -1;                     // chips from here on are pale; -1: none
    const std::vector<bool>* faded = nullptr;  // these are pale, too
    ImFont* font = nullptr;
    float width = one_line;  // chips wrap at it
};

struct ChipsAnswer {
    Index seen = -1;     // under the pointer, or the keyboard's chip
    Index clicked = -1;  // or Enter
    bool by_keyboard = false;
    ImVec2 low, high;       // of the chip that is seen, on the screen
    float chosen_x = 0.0F;  // middle of the chosen chip, from the left of the widget
};

ChipsAnswer draw_chips(const Theme& theme, const ChipsInput& input, ChipsState& state);
float chip_height(const Theme& theme, const ImFont* font);

}  // namespace vitrine::viz
