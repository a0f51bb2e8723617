// A line for a path or a name. Enter begins and ends typing, as the window's keyboard wants it.
#pragma once

#include <array>
#include <string>

#include "viz/app/theme.h"

namespace vitrine::viz {

struct TextField {
    std::array<char, 1024> bytes{};  // UTF-8, ends at the first 0
    bool typing = false;             // it has the caret

    std::string text() const { return bytes.data(); }
    /// What does not fit is cut off.
    void set(const std::string& text);
};

/// True when Enter ended typing.
bool draw_text_field(const Theme& theme, const char* id, TextField& field, const char* hint,
                     float width);

}  // namespace vitrine::viz
