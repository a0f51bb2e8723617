// A map of attention as a table or a picture, to take along.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "viz/app/view.h"
#include "viz/views/attention_parts.h"

namespace vitrine::viz {

/// Rows are queries, columns are keys, the first row and column name the tokens; weights are
/// written so that they can be read back exactly. Fields are quoted as RFC 4180 says.
std::string attention_csv(const ChosenMap& map, std::span<const std::string> queries,
                          std::span<const std::string> keys);

/// What a saved map is painted from, letters included: painting needs nothing of the window.
struct AttentionPicture {
    struct Text {
        int x = 0, y = 0;  // of its upper left corner
        Image letters;
        bool upwards = false;  // turned by 90 degrees; (x, y) is then where its lower left comes
    };
    int width = 0, height = 0;
    ImU32 surface = 0, background = 0;  // around the map, and where it holds nothing
    int left = 0, top = 0, cell = 1;    // of the map, in pixels
    Image map;                          // one pixel a cell
    std::vector<Text> texts;
    std::string name;  // of the file, without its extension
};

/// The map with its title, token labels and titles of the axes, on the theme's surface. Takes the
/// letters from the fonts, so it belongs to the window's thread.
AttentionPicture attention_picture(const ViewContext& context, const AttentionMemory& memory);

/// The pixels; on any thread. A map of 256 tokens takes longer than a frame.
Image painted(const AttentionPicture& picture);

/// Where pictures go: the XDG pictures folder, ~/Pictures, or the working directory.
std::filesystem::path pictures_folder();

/// Writes a PNG; the file appears whole or not at all. @throws FileError
void save_png(const Image& image, const std::filesystem::path& path);
/// `stem`.png in `folder`, or with a number if that is taken.
std::filesystem::path free_path(const std::filesystem::path& folder, const std::string& stem);

}  // namespace vitrine::viz
