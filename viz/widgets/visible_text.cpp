#include "viz/widgets/visible_text.h"

#include <cfloat>
#include <cmath>
#include <cstdio>

#include "text/utf8.h"

namespace vitrine::viz {

Character next_character(std::string_view text) {
    if (text.empty()) return {};
    const CodePoint read = read_code_point(text, 0);
    if (read.bytes == 0) return {static_cast<unsigned char>(text[0]), 1, false};
    return {static_cast<unsigned>(read.value), static_cast<std::size_t>(read.bytes), true};
}

std::string hex_bytes(std::string_view bytes) {
    std::string result;
    for (const char byte : bytes) {
        char hex[4];
        std::snprintf(hex, sizeof hex, "%02X",
                      static_cast<unsigned>(static_cast<unsigned char>(byte)));
        if (!result.empty()) result += ' ';
        result += hex;
    }
    return result;
}

std::string visible_text(std::string_view bytes) {
    std::string result;
    while (!bytes.empty()) {
        const Character c = next_character(bytes);
        if (!c.valid) {
            std::size_t broken = 0;
            while (broken < bytes.size() && !next_character(bytes.substr(broken)).valid) ++broken;
            result += "‹" + hex_bytes(bytes.substr(0, broken)) + "›";
            bytes.remove_prefix(broken);
            continue;
        }
        if (c.code == ' ') {
            result += "·";
        } else if (c.code == '\n') {
            result += "⏎";
        } else if (c.code == '\t') {
            result += "⇥";
        } else if (c.code < 0x20U || c.code == 0x7FU) {
            result += "‹" + hex_bytes(bytes.substr(0, 1)) + "›";
        } else {
            result += bytes.substr(0, c.bytes);
        }
        bytes.remove_prefix(c.bytes);
    }
    return result;
}

float text_width(const ImFont* font, std::string_view text) {
    return font
        ->CalcTextSizeA(font->FontSize, FLT_MAX, 0.0F, text.data(), text.data() + text.size())
        .x;
}

std::string elided(const ImFont* font, std::string_view text, float width) {
    if (text_width(font, text) <= width) return std::string(text);
    const std::string dots = "…";
    const float room = width - text_width(font, dots);
    std::size_t kept = 0;
    while (kept < text.size()) {
        const std::size_t next = kept + next_character(text.substr(kept)).bytes;
        if (text_width(font, text.substr(0, next)) > room) break;
        kept = next;
    }
    return std::string(text.substr(0, kept)) + dots;
}

std::string percent_text(double probability) {
    const double percent = 100.0 * probability;
    char text[32];
    if (probability > 0.0 && percent < 0.001) return "< 0.001 %";
    const int decimals = percent >= 1.0 || percent == 0.0 ? 1 : percent >= 0.1 ? 2 : 3;
    std::snprintf(text, sizeof text, "%.*f %%", decimals, percent);
    return text;
}

std::string number_text(double value) {
    char text[32];
    const double size = std::fabs(value);
    if (size != 0.0 && size < 0.0000995) {
        std::snprintf(text, sizeof text, "%.1e", value);
    } else {
        const int decimals = size == 0.0 || size >= 0.00995 ? 3 : size >= 0.000995 ? 4 : 5;
        std::snprintf(text, sizeof text, "%.*f", decimals, value);
    }
    return text;
}

std::string count_text(Index count) {
    std::string digits = std::to_string(count);
    for (std::ptrdiff_t i = static_cast<std::ptrdiff_t>(digits.size()) - 3; i > 0; i -= 3) {
        if (digits[static_cast<std::size_t>(i) - 1] == '-') break;
        digits.insert(static_cast<std::size_t>(i), ",");
    }
    return digits;
}

}  // namespace vitrine::viz
