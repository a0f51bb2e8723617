// A map of attention as a table or a picture, to take along.
#pragma once

#include <filesystem>
#include <future>
#include <span>
#include <string>

#include "viz/app/view.h"
#include "viz/views/attention_parts.h"

namespace vitrine::viz {

/// Rows are queries, columns are keys, the first row and column name the tokens; weights are
/// written so that they can be read back exactly. Fields are quoted as RFC 4180 says.
std::string attention_csv(const ChosenMap& map, std::span<const std::string> labels);

/// The map with its title, token labels and titles of the axes, on the theme's surface.
Image attention_picture(const ViewContext& context, const AttentionMemory& memory);

/// Where pictures go: the XDG pictures folder, ~/Pictures, or the working directory.
std::filesystem::path pictures_folder();

/// Writes `image` to a free path in the pictures folder, on a thread of its own: packing a large
/// picture takes longer than a frame. @return  the path; get() throws FileError
std::future<std::filesystem::path> save_picture(Image image, std::string stem);

/// Writes a PNG; the file appears whole or not at all. @throws FileError
void save_png(const Image& image, const std::filesystem::path& path);
/// `stem`.png in `folder`, or with a number if that is taken.
std::filesystem::path free_path(const std::filesystem::path& folder, const std::string& stem);

}  // namespace vitrine::viz
