// Pieces of text as the eye should see them: spaces and line ends visible, broken characters as
// bytes.
#pragma once

#include <imgui.h>

#include <string>
#include <string_view>

#include "tensor/tensor.h"
#include "viz/app/displayable.h"

namespace vitrine::viz {

/// The next character of UTF-8 text.
struct Character {
    unsigned code = 0;      // its code point; a byte's value if it is not UTF-8
    std::size_t bytes = 0;  // that it takes; 0 at the end
    bool valid = false;
};
Character next_character(std::string_view text);

/// "EC 95 88"
std::string hex_bytes(std::string_view bytes);
/// "·" for a space, "⏎" for a line end, "⇥" for a tab, "‹EC 95›" for bytes that are no character.
std::string visible_text(std::string_view bytes);

/// The text, shortened with "…" to fit `width` pixels at the font's size.
std::string elided(const ImFont* font, std::string_view text, float width);
float text_width(const ImFont* font, std::string_view text);

/// "12.3 %", "0.045 %", "< 0.001 %"
std::string percent_text(double probability);
/// A weight or score with three decimals, more where it is small: "0.250", "0.00031"
std::string number_text(double value);
/// "1,234"
std::string count_text(Index count);

}  // namespace vitrine::viz
