#include "viz/widgets/texture.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

namespace vitrine::viz {

namespace {

Image halved(const Image& image) {
    Image half(std::max(1, image.width / 2), std::max(1, image.height / 2));
    for (int y = 0; y < half.height; ++y) {
        const int below = std::min(2 * y + 1, image.height - 1);
        for (int x = 0; x < half.width; ++x) {
            const int right = std::min(2 * x + 1, image.width - 1);
            const ImU32 four[] = {image.at(std::min(2 * x, right), std::min(2 * y, below)),
                                  image.at(right, std::min(2 * y, below)),
                                  image.at(std::min(2 * x, right), below), image.at(right, below)};
            unsigned sums[3] = {0, 0, 0}, seen = 0;
            for (const ImU32 pixel : four) {
                const unsigned alpha = (pixel >> IM_COL32_A_SHIFT) & 255U;
                sums[0] += alpha * ((pixel >> IM_COL32_R_SHIFT) & 255U);
                sums[1] += alpha * ((pixel >> IM_COL32_G_SHIFT) & 255U);
                sums[2] += alpha * ((pixel >> IM_COL32_B_SHIFT) & 255U);
                seen += alpha;
            }
            if (seen == 0) continue;
            half.at(x, y) =
                IM_COL32(sums[0] / seen, sums[1] / seen, sums[2] / seen, (seen + 2) / 4);
        }
    }
    return half;
}

}  // namespace

void add_smaller(Image& image) {
    image.smaller.clear();
    const Image* last = &image;
    while (last->width > 1 || last->height > 1) {
        Image half = halved(*last);
        image.smaller.push_back(std::move(half));
        last = &image.smaller.back();
    }
}

void Texture::set(const TextureDevice& device, Image image) {
    reset();
    if (image.width == 0 || image.height == 0) return;
    id_ = device.create(image);
    destroy_ = device.destroy;
    image_ = std::move(image);
}

void Texture::reset() {
    if (!empty() && destroy_) destroy_(id_);
    image_ = Image{};
    id_ = ImTextureID{};
    destroy_ = nullptr;
}

void Texture::swap(Texture& other) noexcept {
    std::swap(image_, other.image_);
    std::swap(id_, other.id_);
    std::swap(destroy_, other.destroy_);
}

TextureDevice recorded_textures() {
    // Ids are never null, as with OpenGL: ImGui treats a null texture as "none".
    auto next = std::make_shared<std::uintptr_t>(1000);
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the type is Dear ImGui's
    return {[next](const Image&) { return (ImTextureID)(*next)++; }, [](ImTextureID) {}};
}

}  // namespace vitrine::viz
