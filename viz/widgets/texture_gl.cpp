// The OpenGL side of textures: plain GL 1.2 calls, so no loader is needed.
#ifdef __APPLE__
#include <OpenGL/gl3.h>
#else
#include <GL/gl.h>
#include <GL/glext.h>
#endif

#include <cstdint>

#include "viz/widgets/texture.h"

namespace vitrine::viz {

namespace {

ImTextureID create_texture(const Image& image) {
    GLint bound = 0;
    glGetIntegerv(GL_TEXTURE_BINDING_2D, &bound);
    GLuint name = 0;
    glGenTextures(1, &name);
    glBindTexture(GL_TEXTURE_2D, name);
    // Magnified, a cell keeps its edges: its colour is a value, and nothing lies between two
    // values.
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER,
                    image.smaller.empty() ? GL_LINEAR : GL_LINEAR_MIPMAP_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAX_LEVEL, static_cast<GLint>(image.smaller.size()));
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, image.width, image.height, 0, GL_RGBA,
                 GL_UNSIGNED_BYTE, image.pixels.data());
    GLint level = 0;
    for (const Image& half : image.smaller) {
        glTexImage2D(GL_TEXTURE_2D, ++level, GL_RGBA8, half.width, half.height, 0, GL_RGBA,
                     GL_UNSIGNED_BYTE, half.pixels.data());
    }
    glBindTexture(GL_TEXTURE_2D, static_cast<GLuint>(bound));
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the type is Dear ImGui's
    return (ImTextureID)(std::uintptr_t)name;
}

void destroy_texture(ImTextureID id) {
    const GLuint name = static_cast<GLuint>((std::uintptr_t)id);
    glDeleteTextures(1, &name);
}

}  // namespace

TextureDevice opengl_textures() {
    return {create_texture, destroy_texture};
}

}  // namespace vitrine::viz
