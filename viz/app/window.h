// The app in a window: GLFW and OpenGL 3.3.
#pragma once

#include <filesystem>
#include <string>

#include "viz/app/settings.h"

namespace vitrine::viz {

struct WindowOptions {
    std::filesystem::path model_folder;
    Settings settings;
    bool remember = true;       // write the settings when the window closes
    std::string dump_on_close;  // write the last frame to this PNG: for tests
    std::string measure;        // write the frames' own processor times to this JSON: for tests
};

/// Opens the window and runs until it is closed. Returns the exit status.
/// @throws Error  if there is no display, naming what works without one
int run_window(const WindowOptions& options);

}  // namespace vitrine::viz
