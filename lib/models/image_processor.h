// From a picture to the numbers that a vision model reads, as preprocessor_config.json says.
#pragma once

#include "io/config.h"
#include "io/image.h"

namespace vitrine {

enum class Resample { bilinear, bicubic };

/// A picture of another size, smoothed when it becomes smaller. Numbers are those of Pillow: the
/// filter is as wide as the step, weights have 22 bits, and rows are rounded before columns.
/// @throws ArgumentError  for a size below 1
Image resize(const Image& image, Index height, Index width, Resample resample);

/// The middle of a picture; black around it where the picture is smaller.
Image center_crop(const Image& image, Index height, Index width);

struct ImageProcessor {
    bool resizes = true;
    Resample resample = Resample::bicubic;
    Index shortest_edge = 0;      // both edges shrink alike until the shorter one is this; or
    Index height = 0, width = 0;  // exactly this size, if shortest_edge is 0
    bool crops = true;
    Index crop_height = 0, crop_width = 0;
    double rescale = 1.0 / 255;
    double mean[3] = {0, 0, 0}, deviation[3] = {1, 1, 1};  // of red, green, blue

    /// Of a preprocessor_config.json, or the folder it is in.
    /// @throws FileError  naming the key
    static ImageProcessor load(const std::filesystem::path& path);

    /// The picture in the size that the model reads: resized, then cut.
    Image fit(const Image& image) const;
    /// [3, height, width], (pixel rescale - mean) / deviation.
    Tensor3 normalise(const Image& image) const;
    /// Both. Source: transformers, CLIPImageProcessor.
    Tensor3 operator()(const Image& image) const { return normalise(fit(image)); }
};

}  // namespace vitrine
