// The app without a display: EGL without a surface, drawn into a frame buffer, written as PNG.
#pragma once

#include <filesystem>
#include <string>

#include "viz/app/settings.h"

namespace vitrine::viz {

struct Screenshot {
    std::filesystem::path model_folder;
    Settings settings;  // width and height are those of the picture
    std::string out;    // PNG to write
};

/// Draws the app until the run on its text is there and nothing moves, and writes the picture.
/// @throws Error  if there is no EGL, or the picture can't be written
void take_screenshot(const Screenshot& screenshot);

}  // namespace vitrine::viz
