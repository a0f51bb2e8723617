// One number as printf writes it, as a string.
#pragma once

#include <cstdio>
#include <string>

namespace vitrine::viz {

/// @param format  for one double, short: "%.2f"
inline std::string formatted(const char* format, double value) {
    char text[64];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

}  // namespace vitrine::viz
