// Pictures that are drawn as one quad: a heatmap is one texture, never thousands of rectangles.
#pragma once

#include <imgui.h>

#include <functional>
#include <vector>

namespace vitrine::viz {

/// Pixels row by row from the top left; each is an ImU32 as IM_COL32 makes it (bytes R, G, B, A).
struct Image {
    int width = 0;
    int height = 0;
    std::vector<ImU32> pixels;
    std::vector<Image> smaller;  // each half as wide and high as the one before; may be empty

    Image() = default;
    Image(int its_width, int its_height, ImU32 fill = 0)
        : width(its_width),
          height(its_height),
          pixels(static_cast<std::size_t>(its_width) * static_cast<std::size_t>(its_height), fill) {
    }
    ImU32& at(int x, int y) {
        return pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                      static_cast<std::size_t>(x)];
    }
    ImU32 at(int x, int y) const {
        return pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                      static_cast<std::size_t>(x)];
    }
};

/// Fills `smaller` down to a pixel: means of four, each as far as it can be seen. A picture that is
/// drawn at less than its size keeps what its single pixels say.
void add_smaller(Image& image);

/// How textures are made. The window sets opengl_textures(); tests run without GL.
struct TextureDevice {
    std::function<ImTextureID(const Image&)> create;  // sampled by nearest texel, edges clamped
    std::function<void(ImTextureID)> destroy;
};

/// OpenGL textures; the context must be current when they are made, drawn and destroyed.
TextureDevice opengl_textures();
/// Textures that exist only as the recorded Image: views run, nothing is drawn.
TextureDevice recorded_textures();

/// One picture on the device, replaced as a whole. Keeps the Image: tests and PNG export read it.
class Texture {
   public:
    Texture() = default;
    ~Texture() { reset(); }
    Texture(Texture&& other) noexcept { swap(other); }
    Texture& operator=(Texture&& other) noexcept {
        swap(other);
        return *this;
    }

    /// Shows `image` from now on.
    void set(const TextureDevice& device, Image image);
    void reset();

    bool empty() const { return image_.width == 0; }
    ImTextureID id() const { return id_; }
    const Image& image() const { return image_; }

   private:
    void swap(Texture& other) noexcept;
    Image image_;
    ImTextureID id_{};
    std::function<void(ImTextureID)> destroy_;
};

}  // namespace vitrine::viz
