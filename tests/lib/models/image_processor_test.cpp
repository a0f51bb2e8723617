#include "models/image_processor.h"

#include <doctest/doctest.h>

#include "golden.h"
#include "scratch_folder.h"
#include "tensor/error.h"

using namespace vitrine;
using namespace vitrine::test;

namespace {

const std::string folder = fixture("models/clip");

Image grey(Index height, Index width, std::vector<std::uint8_t> values) {
    Image image{height, width, {}};
    for (const std::uint8_t value : values) image.pixels.insert(image.pixels.end(), 3, value);
    return image;
}

std::vector<int> first_channel(const Image& image) {
    std::vector<int> values;
    for (std::size_t i = 0; i < image.pixels.size(); i += 3) values.push_back(image.pixels[i]);
    return values;
}

}  // namespace

// Bound: as the issue asks, 2e-2 a value and 1e-3 on average. One step of a pixel is 1.5e-2.
TEST_CASE("pictures become the numbers that transformers makes of them") {
    const Tensor3 pixels = ImageProcessor::load(folder)(read_image(folder + "/image.png"));
    const TensorFile file = TensorFile::open(folder + "/preprocess.safetensors");
    const Tensor3 expected = Ref4(golden<4>(file, "pixel_values"))[0].copy();
    CHECK(largest_difference(pixels, expected) < 2e-2);
    double sum = 0;
    for (std::size_t i = 0; i < pixels.size(); ++i) {
        sum += std::abs(double(pixels.data()[i]) - double(expected.data()[i]));
    }
    CHECK(sum / double(pixels.size()) < 1e-3);
}

TEST_CASE("resize: a constant stays, half the size takes the neighbours' mean") {
    CHECK(first_channel(resize(grey(3, 5, std::vector<std::uint8_t>(15, 77)), 4, 2,
                               Resample::bicubic)) == std::vector<int>(8, 77));
    // Bilinear to half: the triangle is twice as wide, cut off at the edge: weights 3 3 1 of 7.
    CHECK(first_channel(resize(grey(1, 4, {0, 70, 140, 210}), 1, 2, Resample::bilinear)) ==
          std::vector<int>{50, 160});
    const Image same = grey(2, 2, {1, 2, 3, 4});
    CHECK(resize(same, 2, 2, Resample::bicubic).pixels == same.pixels);
    CHECK_THROWS_AS(resize(same, 0, 2, Resample::bicubic), ArgumentError);
}

TEST_CASE("center crop: the middle, and black around what is too small") {
    CHECK(first_channel(center_crop(grey(1, 5, {1, 2, 3, 4, 5}), 1, 3)) ==
          std::vector<int>{2, 3, 4});
    CHECK(first_channel(center_crop(grey(1, 2, {8, 9}), 1, 4)) == std::vector<int>{0, 8, 9, 0});
    CHECK(first_channel(center_crop(grey(3, 1, {7, 8, 9}), 1, 1)) == std::vector<int>{8});
}

TEST_CASE("preprocessor_config.json: old numbers, new objects, and what is refused") {
    const ScratchFolder scratch;
    const auto load = [&](const char* text) {
        return ImageProcessor::load(scratch.write("preprocessor_config.json", text));
    };
    const ImageProcessor old =
        load(R"({"size": 224, "crop_size": 200, "do_normalize": false, "resample": 2})");
    CHECK(old.shortest_edge == 224);
    CHECK(old.crop_width == 200);
    CHECK(old.resample == Resample::bilinear);
    CHECK(old.mean[0] == 0);
    const ImageProcessor exact = load(
        R"({"size": {"height": 5, "width": 4}, "do_center_crop": false, "do_normalize": false,
            "do_rescale": false})");
    CHECK(shape_of(exact(grey(1, 1, {9}))) == Shape<3>{3, 5, 4});
    CHECK(exact(grey(1, 1, {9}))(2, 4, 3) == 9);
    const auto refused = [&](const char* text, const char* words) {
        CHECK_THROWS_WITH_AS(load(text), doctest::Contains(words), FileError);
    };
    refused(R"({"crop_size": 8})", "size");
    refused(R"({"size": -1, "crop_size": 8})", "size");
    refused(R"({"size": 8, "crop_size": 8, "resample": 0})", "resample");
    refused(R"({"size": 8, "crop_size": 8, "image_mean": [0, 0], "image_std": [1, 1]})",
            "image_mean.2");
    refused(R"({"size": 8, "crop_size": 8, "image_mean": [0, 0, 0], "image_std": [1, 0, 1]})",
            "image_std");
}
