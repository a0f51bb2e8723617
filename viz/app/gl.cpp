#include "viz/app/gl.h"

#define GL_GLEXT_PROTOTYPES
#ifdef __APPLE__
#include <OpenGL/gl3.h>
#else
#include <GL/gl.h>
#include <GL/glext.h>
#endif
#include <stb_image_write.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "io/atomic_file.h"
#include "tensor/error.h"

namespace vitrine::viz {

Image read_frame(int width, int height) {
    Image image(width, height);
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, image.pixels.data());
    for (int y = 0; y < height / 2; ++y) {  // OpenGL's first row is the bottom one
        const auto row = image.pixels.begin() + static_cast<std::ptrdiff_t>(y) * width;
        std::swap_ranges(row, row + width,
                         image.pixels.end() - static_cast<std::ptrdiff_t>(y + 1) * width);
    }
    for (ImU32& pixel : image.pixels) pixel |= IM_COL32_A_MASK;
    return image;
}

void upload_glyphs(const GlyphCache::Area& area) {
    if (area.width == 0) return;
    const ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
    const ImU32* first = atlas.TexPixelsRGBA32 + area.y * atlas.TexWidth + area.x;
    glBindTexture(GL_TEXTURE_2D, static_cast<GLuint>((std::uintptr_t)atlas.TexID));
    glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
    glPixelStorei(GL_UNPACK_ROW_LENGTH, atlas.TexWidth);
    glTexSubImage2D(GL_TEXTURE_2D, 0, area.x, area.y, area.width, area.height, GL_RGBA,
                    GL_UNSIGNED_BYTE, first);
    glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
}

void bind_new_frame_buffer(int width, int height) {
    GLuint colour = 0, frame = 0;
    glGenRenderbuffers(1, &colour);
    glBindRenderbuffer(GL_RENDERBUFFER, colour);
    glRenderbufferStorage(GL_RENDERBUFFER, GL_RGBA8, width, height);
    glGenFramebuffers(1, &frame);
    glBindFramebuffer(GL_FRAMEBUFFER, frame);
    glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, colour);
    if (glCheckFramebufferStatus(GL_FRAMEBUFFER) != GL_FRAMEBUFFER_COMPLETE) {
        throw Error("frame buffer",
                    "a complete one of " + std::to_string(width) + " x " + std::to_string(height),
                    "an incomplete one", "choose a smaller --size");
    }
}

void clear_frame(ImU32 colour, int width, int height) {
    const ImVec4 c = ImGui::ColorConvertU32ToFloat4(colour);
    glViewport(0, 0, width, height);
    glClearColor(c.x, c.y, c.z, 1.0F);
    glClear(GL_COLOR_BUFFER_BIT);
}

void check_gl(const std::string& where) {
    const GLenum error = glGetError();
    if (error != GL_NO_ERROR)
        throw Error(where, "no OpenGL error", "code " + std::to_string(error));
}

void write_png(const std::string& path, const Image& image) {
    std::vector<std::byte> bytes;
    const auto collect = [](void* to, void* data, int size) {
        auto& all = *static_cast<std::vector<std::byte>*>(to);
        const auto* from = static_cast<const std::byte*>(data);
        all.insert(all.end(), from, from + size);
    };
    if (stbi_write_png_to_func(collect, &bytes, image.width, image.height, 4, image.pixels.data(),
                               image.width * 4) == 0) {
        throw FileError(path, "a picture that can be written as PNG", "a failure to encode it");
    }
    AtomicFile file(path);
    file.write(bytes);
    file.commit();
}

}  // namespace vitrine::viz
