// Colours, fonts and distances of the app: the only place that knows any of them.
#pragma once

#include <imgui.h>

#include <array>

namespace vitrine::viz {

/// Fonts of the app at the present scale; all hold Hangul. Sizes are of the em at scale 1.
struct Fonts {
    ImFont* body = nullptr;   // 14 px
    ImFont* bold = nullptr;   // 14 px, semibold
    ImFont* small = nullptr;  // 11.75 px: labels, captions
    ImFont* title = nullptr;  // 19.5 px, semibold: headings
    ImFont* mono = nullptr;   // 13 px: code, numbers in tables
    ImFont* math = nullptr;   // 19 px, italic letters and symbols of formulas
    ImFont* roman = nullptr;  // 19 px, upright letters of formulas: softmax, max
};

struct Theme {
    bool dark = false;
    float scale = 1.0F;  // all distances below are already scaled
    Fonts fonts;

    ImU32 background = 0;  // of the window
    ImU32 surface = 0;     // of a column or card
    ImU32 raised = 0;      // of a button, a chip, a hovered row
    ImU32 border = 0;
    ImU32 text = 0;
    ImU32 muted = 0;      // secondary text; still readable (contrast 4.5 : 1)
    ImU32 accent = 0;     // the one accent colour: selection, focus, links
    ImU32 on_accent = 0;  // text on the accent colour
    ImU32 good = 0;       // a passed check
    ImU32 bad = 0;        // a failed check, an error
    float unit = 4.0F;    // the grid: every distance is a multiple
    float radius = 6.0F;  // of rounded corners

    // The two scales in steps: a heatmap asks for thousands of colours a frame.
    std::array<ImU32, 256> heat_steps{};
    std::array<ImU32, 511> diverging_steps{};

    /// Sequential scale for values in [0, 1]: 0 is the surface, 1 the strongest. Perceptually even.
    ImU32 heat(float value) const;
    /// Diverging scale for values in [-1, 1]: 0 is the surface.
    ImU32 diverging(float value) const;
    /// Text colour that is readable on `fill`.
    ImU32 text_on(ImU32 fill) const;
    /// A calm background tint for the i-th token chip; neighbours differ.
    ImU32 chip(int i) const;
};

/// The light or dark theme at a UI scale; fonts are set by load_fonts().
Theme make_theme(bool dark, float scale);
/// Sets ImGui's own style from the theme.
void apply_theme(const Theme& theme);

}  // namespace vitrine::viz
