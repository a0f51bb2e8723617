// The few OpenGL calls of our own, beside those of Dear ImGui's backend.
#pragma once

#include <string>

#include "viz/app/glyph_cache.h"
#include "viz/widgets/texture.h"

namespace vitrine::viz {

/// The pixels of the bound frame buffer, top row first.
Image read_frame(int width, int height);
/// Copies a part of the font atlas to its texture.
void upload_glyphs(const GlyphCache::Area& area);
/// A colour buffer to draw into, for a context without a surface. Bound when it returns.
void bind_new_frame_buffer(int width, int height);
void clear_frame(ImU32 colour, int width, int height);
/// Throws Error if OpenGL has noted an error since the last call.
void check_gl(const std::string& where);
/// Writes a PNG in one step. @throws FileError
void write_png(const std::string& path, const Image& image);

}  // namespace vitrine::viz
