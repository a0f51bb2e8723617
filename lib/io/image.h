// Pictures from files nobody vouches for: PNG, JPEG, BMP, GIF.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "tensor/tensor.h"

namespace vitrine {

/// Red, green and blue of every pixel, 0 to 255, row by row from the top left.
struct Image {
    Index height = 0, width = 0;
    std::vector<std::uint8_t> pixels;  // [height, width, 3]
};

/// Reads a picture; grey ones become coloured, transparency is left out.
/// @throws FileError  if it can't be read, is no picture, or has more than 100 million pixels
Image read_image(const std::filesystem::path& path);

/// True if a file begins as one that read_image() reads.
bool is_picture(const std::filesystem::path& path);

}  // namespace vitrine
