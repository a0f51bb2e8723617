#include "models/image_processor.h"

#include <algorithm>
#include <cmath>

#include "tensor/error.h"

namespace vitrine {

namespace {

constexpr int weight_bits = 22;  // as Pillow's 8-bit resampling has them

/// Keys' cubic with a = -1/2.
double cubic(double x) {
    constexpr double a = -0.5;
    x = std::abs(x);
    if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
    if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
    return 0;
}

double triangle(double x) {
    return std::max(0.0, 1 - std::abs(x));
}

/// Which inputs one output takes, and how much of each.
struct Window {
    Index begin = 0;
    std::vector<std::int64_t> weights;
};

std::vector<Window> windows(Index in, Index out, Resample resample) {
    const auto filter = resample == Resample::bicubic ? cubic : triangle;
    const double step = static_cast<double>(in) / static_cast<double>(out);
    const double spread = std::max(step, 1.0);
    const double reach = (resample == Resample::bicubic ? 2.0 : 1.0) * spread;
    std::vector<Window> all(static_cast<std::size_t>(out));
    for (Index o = 0; o < out; ++o) {
        const double center = (static_cast<double>(o) + 0.5) * step;
        const Index begin = std::max<Index>(0, static_cast<Index>(std::lround(center - reach)));
        const Index end = std::min(in, static_cast<Index>(std::lround(center + reach)));
        std::vector<double> weights;
        double sum = 0;
        for (Index i = begin; i < end; ++i) {
            weights.push_back(filter((static_cast<double>(i) - center + 0.5) / spread));
            sum += weights.back();
        }
        Window& window = all[static_cast<std::size_t>(o)];
        window.begin = begin;
        for (const double weight : weights) {
            window.weights.push_back(std::llround(weight / sum * (1 << weight_bits)));
        }
    }
    return all;
}

std::uint8_t to_byte(std::int64_t weighted) {
    const std::int64_t value = (weighted + (1 << (weight_bits - 1))) >> weight_bits;
    return static_cast<std::uint8_t>(std::clamp<std::int64_t>(value, 0, 255));
}

/// Rows get another width; with `columns`, columns another height.
Image resize_one_way(const Image& image, Index size, Resample resample, bool columns) {
    const Index length = columns ? image.height : image.width;
    if (length == size) return image;
    Image result{columns ? size : image.height, columns ? image.width : size, {}};
    result.pixels.resize(static_cast<std::size_t>(result.height * result.width * 3));
    const std::vector<Window> all = windows(length, size, resample);
    const Index stride = columns ? image.width * 3 : 3;  // between inputs of one output
    for (Index y = 0; y < result.height; ++y) {
        for (Index x = 0; x < result.width; ++x) {
            const Window& window = all[static_cast<std::size_t>(columns ? y : x)];
            const Index first = columns ? (window.begin * image.width + x) * 3
                                        : (y * image.width + window.begin) * 3;
            for (Index c = 0; c < 3; ++c) {
                std::int64_t sum = 0;
                Index at = first + c;
                for (const std::int64_t weight : window.weights) {
                    sum += weight * image.pixels[static_cast<std::size_t>(at)];
                    at += stride;
                }
                const Index to = (y * result.width + x) * 3 + c;
                result.pixels[static_cast<std::size_t>(to)] = to_byte(sum);
            }
        }
    }
    return result;
}

/// a / b, rounded down.
Index half_down(Index value) {
    return value >= 0 ? value / 2 : -((-value + 1) / 2);
}

}  // namespace

Image resize(const Image& image, Index height, Index width, Resample resample) {
    constexpr Index most = 1 << 14;
    if (height < 1 || width < 1 || height > most || width > most) {
        throw ArgumentError("size of a picture", "1 to " + std::to_string(most) + " pixels a side",
                            std::to_string(height) + " x " + std::to_string(width));
    }
    return resize_one_way(resize_one_way(image, width, resample, false), height, resample, true);
}

Image center_crop(const Image& image, Index height, Index width) {
    const Index top = half_down(image.height - height), left = half_down(image.width - width);
    Image result{height, width, {}};
    result.pixels.resize(static_cast<std::size_t>(height * width * 3));  // black
    for (Index y = std::max<Index>(0, -top); y < std::min(height, image.height - top); ++y) {
        const Index begin = std::max<Index>(0, -left);
        const Index end = std::min(width, image.width - left);
        const auto* row = image.pixels.data() + ((y + top) * image.width + left) * 3;
        std::copy(row + begin * 3, row + end * 3, result.pixels.data() + (y * width + begin) * 3);
    }
    return result;
}

ImageProcessor ImageProcessor::load(const std::filesystem::path& path) {
    constexpr Index most = 1 << 14;
    const ConfigFile config = ConfigFile::open(
        std::filesystem::is_directory(path) ? path / "preprocessor_config.json" : path);
    ImageProcessor result;
    result.resizes = config.boolean({"do_resize"}, true);
    // Old folders have one number for both: "size": 224.
    if (config.contains({"size.height"})) {
        result.height = config.integer({"size.height"}, 1, most);
        result.width = config.integer({"size.width"}, 1, most);
    } else if (result.resizes) {
        result.shortest_edge = config.contains({"size.shortest_edge"})
                                   ? config.integer({"size.shortest_edge"}, 1, most)
                                   : config.integer({"size"}, 1, most);
    }
    const Index filter = config.integer({"resample"}, 2, 3, 3);  // Pillow's numbers
    result.resample = filter == 2 ? Resample::bilinear : Resample::bicubic;
    result.crops = config.boolean({"do_center_crop"}, true);
    if (result.crops) {
        const bool one = !config.contains({"crop_size.height"});
        result.crop_height = config.integer({one ? "crop_size" : "crop_size.height"}, 1, most);
        result.crop_width = config.integer({one ? "crop_size" : "crop_size.width"}, 1, most);
    }
    result.rescale =
        config.boolean({"do_rescale"}, true) ? config.number({"rescale_factor"}, 1.0 / 255) : 1.0;
    if (config.boolean({"do_normalize"}, true)) {
        for (int c = 0; c < 3; ++c) {
            result.mean[c] = config.number({"image_mean." + std::to_string(c)});
            result.deviation[c] = config.number({"image_std." + std::to_string(c)});
            if (!(result.deviation[c] > 0)) {
                throw FileError(config.where() + ", \"image_std\"", "numbers above 0",
                                std::to_string(result.deviation[c]));
            }
        }
    }
    return result;
}

Image ImageProcessor::fit(const Image& original) const {
    Image image = original;
    if (resizes && shortest_edge > 0) {
        const Index shorter = std::min(image.height, image.width);
        const auto scaled = [&](Index edge) {
            return edge == shorter ? shortest_edge : shortest_edge * edge / shorter;
        };
        image = resize(image, scaled(image.height), scaled(image.width), resample);
    } else if (resizes) {
        image = resize(image, height, width, resample);
    }
    return crops ? center_crop(image, crop_height, crop_width) : image;
}

Tensor3 ImageProcessor::normalise(const Image& image) const {
    Tensor3 result = uninitialized<3>({3, image.height, image.width});
    for (Index c = 0; c < 3; ++c) {
        for (Index i = 0; i < image.height * image.width; ++i) {
            const double value = rescale * image.pixels[static_cast<std::size_t>(i * 3 + c)];
            result.data()[c * image.height * image.width + i] =
                static_cast<Real>((value - mean[c]) / deviation[c]);
        }
    }
    return result;
}

}  // namespace vitrine
