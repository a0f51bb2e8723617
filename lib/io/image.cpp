#include "io/image.h"

#include <cstring>
#include <memory>

#include "io/mapped_file.h"
#include "tensor/error.h"

#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#define STBI_NO_STDIO
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_ONLY_BMP
#define STBI_ONLY_GIF
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#include <stb_image.h>
#pragma GCC diagnostic pop

namespace vitrine {

Image read_image(const std::filesystem::path& path) {
    constexpr std::int64_t most_pixels = 100'000'000;
    const MappedFile file = MappedFile::open(path);
    const auto* bytes = reinterpret_cast<const stbi_uc*>(file.bytes.data());
    const std::size_t size = file.bytes.size();
    const auto refuse = [&](const std::string& why) {
        return FileError(path.string(), "a picture: PNG, JPEG, BMP or GIF", why);
    };
    if (size > INT32_MAX) throw refuse("more than 2 GiB");
    const int length = static_cast<int>(size);
    int width = 0, height = 0, channels = 0;
    if (stbi_info_from_memory(bytes, length, &width, &height, &channels) == 0) {
        throw refuse("none");
    }
    if (std::int64_t{width} * height > most_pixels) {
        throw refuse(std::to_string(width) + " x " + std::to_string(height) + " pixels");
    }
    const std::unique_ptr<stbi_uc, decltype(&stbi_image_free)> pixels(
        stbi_load_from_memory(bytes, length, &width, &height, &channels, 3), &stbi_image_free);
    if (!pixels) throw refuse(std::string("a broken one: ") + stbi_failure_reason());
    Image image{height, width, {}};
    image.pixels.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
    std::memcpy(image.pixels.data(), pixels.get(), image.pixels.size());
    return image;
}

bool is_picture(const std::filesystem::path& path) {
    try {
        const MappedFile file = MappedFile::open(path);
        const auto* bytes = reinterpret_cast<const stbi_uc*>(file.bytes.data());
        int width = 0, height = 0, channels = 0;
        return file.bytes.size() <= INT32_MAX &&
               stbi_info_from_memory(bytes, static_cast<int>(file.bytes.size()), &width, &height,
                                     &channels) != 0;
    } catch (const FileError&) {
        return false;
    }
}

}  // namespace vitrine
