#include "viz/widgets/texture.h"

#include <cstdint>
#include <memory>
#include <utility>

namespace vitrine::viz {

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
    return {[next](const Image&) { return (ImTextureID)(*next)++; }, [](ImTextureID) {}};
}

}  // namespace vitrine::viz
