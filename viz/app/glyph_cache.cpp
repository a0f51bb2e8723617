#include "viz/app/glyph_cache.h"

#include <utf8proc.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "text/utf8.h"

namespace vitrine::viz {

namespace {

constexpr char32_t first_private = 0xE000;
constexpr char32_t last_private = 0xF8FF;

/// Code points that change how their neighbours look but have no picture of their own.
bool is_invisible(char32_t code) {
    return code == 0x200B || code == 0x200C || code == 0x200D || code == 0x2060 ||
           (code >= 0xFE00 && code <= 0xFE0F) || code == 0xFEFF ||
           (code >= 0xE0000 && code <= 0xE01EF);
}

/// Latin-1 and what is composed already can be drawn as it is.
bool needs_composing(char32_t code) {
    return (code >= 0x300 && code <= 0x36F) || (code >= 0x1100 && code <= 0x11FF) ||
           (code >= 0xA960 && code <= 0xA97F) || (code >= 0xD7B0 && code <= 0xD7FF);
}

std::string composed(std::string_view utf8) {
    utf8proc_uint8_t* result = nullptr;
    const utf8proc_ssize_t size =
        utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(utf8.data()),
                     static_cast<utf8proc_ssize_t>(utf8.size()), &result,
                     static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    if (size < 0) return std::string(utf8);
    std::string text(reinterpret_cast<const char*>(result), static_cast<std::size_t>(size));
    std::free(result);
    return text;
}

}  // namespace

void GlyphCache::add_font(ImFont* font, FaceChain faces) {
    Target target{font, std::move(faces)};
    if (font->FallbackGlyph) {
        target.fallback = static_cast<int>(font->FallbackGlyph - font->Glyphs.Data);
    }
    targets_.push_back(std::move(target));
}

bool GlyphCache::find_room(Target& target, int width, int height, int& x, int& y) {
    if (height > target.shelf_height || target.shelf_x + width > area_.width) {
        const int shelf = std::max(height, static_cast<int>(target.font->FontSize) + 1);
        if (next_shelf_ + shelf > area_.height || width > area_.width) {
            full_ = true;
            return false;
        }
        target.shelf_x = 0;
        target.shelf_y = next_shelf_;
        target.shelf_height = shelf;
        next_shelf_ += shelf;
    }
    x = area_.x + target.shelf_x;
    y = area_.y + target.shelf_y;
    target.shelf_x += width;
    return true;
}

void GlyphCache::blit(const GlyphBitmap& glyph, int x, int y) {
    const int stride = atlas_->TexWidth;
    for (int row = 0; row < glyph.height; ++row) {
        for (int column = 0; column < glyph.width; ++column) {
            const unsigned char cover = glyph.coverage[static_cast<std::size_t>(row) *
                                                           static_cast<std::size_t>(glyph.width) +
                                                       static_cast<std::size_t>(column)];
            const int at = (y + row) * stride + x + column;
            if (atlas_->TexPixelsAlpha8) atlas_->TexPixelsAlpha8[at] = cover;
            if (atlas_->TexPixelsRGBA32) {
                atlas_->TexPixelsRGBA32[at] = IM_COL32(255, 255, 255, cover);
            }
        }
    }
    if (changed_.width == 0) {
        changed_ = {x, y, glyph.width, glyph.height};
        return;
    }
    const int right = std::max(changed_.x + changed_.width, x + glyph.width);
    const int bottom = std::max(changed_.y + changed_.height, y + glyph.height);
    changed_.x = std::min(changed_.x, x);
    changed_.y = std::min(changed_.y, y);
    changed_.width = right - changed_.x;
    changed_.height = bottom - changed_.y;
}

bool GlyphCache::put(Target& target, const GlyphBitmap& glyph) {
    int x = 0, y = 0;
    // One empty pixel between neighbours: bilinear sampling must not see the next one.
    if (!find_room(target, glyph.width + 1, glyph.height + 1, x, y)) return false;
    if (glyph.width > 0 && glyph.height > 0) blit(glyph, x, y);
    ImFont& font = *target.font;
    const auto slot = static_cast<ImWchar>(glyph.slot);
    const float baseline = std::round(font.Ascent);
    const auto width = static_cast<float>(atlas_->TexWidth);
    const auto height = static_cast<float>(atlas_->TexHeight);
    ImFontGlyph added{};
    added.Codepoint = slot;
    added.Visible = glyph.width > 0 && glyph.height > 0;
    added.AdvanceX = glyph.advance;
    added.X0 = static_cast<float>(glyph.left);
    added.Y0 = baseline - static_cast<float>(glyph.top);
    added.X1 = added.X0 + static_cast<float>(glyph.width);
    added.Y1 = added.Y0 + static_cast<float>(glyph.height);
    added.U0 = static_cast<float>(x) / width;
    added.V0 = static_cast<float>(y) / height;
    added.U1 = static_cast<float>(x + glyph.width) / width;
    added.V1 = static_cast<float>(y + glyph.height) / height;
    font.GrowIndex(slot + 1);
    font.Glyphs.push_back(added);
    // The glyphs may have moved, and ImGui holds a pointer to one of them.
    if (target.fallback >= 0) font.FallbackGlyph = &font.Glyphs[target.fallback];
    font.IndexLookup[slot] = static_cast<ImWchar>(font.Glyphs.Size - 1);
    font.IndexAdvanceX[slot] = added.AdvanceX;
    const int page = slot / 4096;
    font.Used4kPagesMap[page >> 3] |= static_cast<ImU8>(1U << (page & 7));
    return true;
}

void GlyphCache::put(ImFont* font, const std::vector<GlyphBitmap>& glyphs) {
    for (Target& target : targets_) {
        if (target.font != font) continue;
        for (const GlyphBitmap& glyph : glyphs) {
            if (!put(target, glyph)) return;
        }
    }
}

char32_t GlyphCache::slot_of(char32_t code) {
    if (code <= 0xFFFFU && (code < first_private || code > last_private)) return code;
    const auto [found, is_new] =
        private_slots_.try_emplace(code, first_private + private_slots_.size());
    if (found->second > last_private) found->second = 0xFFFD;
    return found->second;
}

void GlyphCache::draw(char32_t code, char32_t slot) {
    for (Target& target : targets_) {
        if (code < 0x10000U && target.font->FindGlyphNoFallback(static_cast<ImWchar>(slot))) {
            continue;
        }
        GlyphBitmap glyph = target.faces.draw(code).value_or(GlyphBitmap{});
        if (glyph.slot == 0) glyph = target.faces.draw_chip(code);
        glyph.slot = slot;
        if (!put(target, glyph)) return;
    }
}

void GlyphCache::take_over(const GlyphCache& old) {
    private_slots_ = old.private_slots_;
    for (const char32_t code : old.later_) {
        std::string text;
        append_code_point(text, code);
        need(text);
    }
}

void GlyphCache::need(std::string_view utf8) {
    for (std::size_t i = 0; i < utf8.size();) {
        const CodePoint read = read_code_point(utf8, i);
        i += static_cast<std::size_t>(std::max(read.bytes, 1));
        const char32_t code = read.value;
        if (read.bytes == 0 || code < 0x20U || is_invisible(code) || code == 0xFFFD) continue;
        if (known_.insert(code).second) {
            draw(code, slot_of(code));
            later_.push_back(code);
        }
    }
}

std::string GlyphCache::displayable(std::string_view utf8) {
    bool compose = false;
    bool plain = true;
    for (std::size_t i = 0; i < utf8.size();) {
        const CodePoint read = read_code_point(utf8, i);
        i += static_cast<std::size_t>(std::max(read.bytes, 1));
        compose = compose || needs_composing(read.value);
        plain = plain && read.bytes > 0 && read.value <= 0xFFFFU && !is_invisible(read.value) &&
                (read.value < first_private || read.value > last_private);
    }
    std::string whole;
    if (compose) {
        whole = composed(utf8);
        utf8 = whole;
    }
    need(utf8);
    if (plain) return std::string(utf8);
    std::string result;
    for (std::size_t i = 0; i < utf8.size();) {
        const CodePoint read = read_code_point(utf8, i);
        if (read.bytes == 0) {
            append_code_point(result, 0xFFFD);
        } else if (!is_invisible(read.value)) {
            append_code_point(result, slot_of(read.value));
        }
        i += static_cast<std::size_t>(std::max(read.bytes, 1));
    }
    return result;
}

GlyphCache::Area GlyphCache::take_changed() {
    return std::exchange(changed_, Area{});
}

std::string displayable(std::string_view utf8) {
    auto* cache = static_cast<GlyphCache*>(ImGui::GetIO().UserData);
    return cache ? cache->displayable(utf8) : std::string(utf8);
}

void use_glyphs(GlyphCache* cache) {
    ImGui::GetIO().UserData = cache;
}

}  // namespace vitrine::viz
