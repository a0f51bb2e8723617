// What the app remembers between runs, in $XDG_CONFIG_HOME/vitrine/settings.json.
#pragma once

#include <filesystem>
#include <string>

#include "viz/app/language.h"

namespace vitrine::viz {

struct Settings {
    Language language = Language::english;
    bool dark = false;
    float scale = 1.0F;              // 0.75 to 2.5
    int width = 1440, height = 900;  // of the window
    float left = 220, right = 420;   // widths of the columns at scale 1
    float exercise = 0.36F;          // share of the right column's height
    std::string text = "The king said to his daughter,";
    std::string chapter = "04_attention";
    std::string view = "tokens";
    std::string parts = "fast";  // what the first run is made with; not remembered
    std::string link;            // "view:..." to open first; may be empty; not remembered
    std::string picture;         // a file to look at first; may be empty; not remembered
    std::string model;           // its name; empty: the bundled one
    std::string beside;          // name of a second model beside it; empty: none
};

/// $VARIABLE, else that folder under the home folder: "XDG_DATA_HOME", ".local/share".
std::filesystem::path user_folder(const char* variable, const char* under_home);
/// The file; its folder may not exist yet.
std::filesystem::path settings_file();
/// The settings of a file; defaults for what is missing, out of range or not readable.
Settings read_settings(const std::filesystem::path& file);
/// Writes them in one step. A folder that can't be written to is not an error: they are forgotten.
void write_settings(const std::filesystem::path& file, const Settings& settings);
/// The language of the environment (LC_ALL, LC_MESSAGES, LANG).
Language language_of_environment();

}  // namespace vitrine::viz
