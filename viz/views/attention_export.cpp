#include "viz/views/attention_export.h"

#include <stb_image_write.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <utility>

#include "io/atomic_file.h"
#include "tensor/error.h"
#include "viz/widgets/raster_text.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"') result += '"';
        result += c;
    }
    return result + "\"";
}

/// XDG_PICTURES_DIR of ~/.config/user-dirs.dirs: XDG_PICTURES_DIR="$HOME/Bilder"
std::filesystem::path xdg_pictures(const std::filesystem::path& home) {
    const char* config = std::getenv("XDG_CONFIG_HOME");
    std::ifstream file((config && *config ? std::filesystem::path(config) : home / ".config") /
                       "user-dirs.dirs");
    const std::string key = "XDG_PICTURES_DIR=\"";
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with(key)) continue;
        std::string value = line.substr(key.size(), line.rfind('"') - key.size());
        if (value.starts_with("$HOME/")) return home / value.substr(6);
        return value;
    }
    return {};
}

}  // namespace

std::string attention_csv(const ChosenMap& map, std::span<const std::string> labels) {
    const auto name = [&](Index i) {
        return quoted(std::to_string(i) + " " + labels[static_cast<std::size_t>(i)]);
    };
    std::string csv = "\"query \\ key\"";
    for (Index key = 0; key < map.T; ++key) csv += "," + name(key);
    csv += "\r\n";
    for (Index query = 0; query < map.T; ++query) {
        csv += name(query);
        for (Index key = 0; key < map.T; ++key) {
            char number[32];  // nine digits bring a float32 back exactly
            std::snprintf(number, sizeof number, ",%.9g",
                          static_cast<double>(map.weight(query, key)));
            csv += number;
        }
        csv += "\r\n";
    }
    return csv;
}

Image attention_picture(const ViewContext& context, const AttentionMemory& memory) {
    const Theme& theme = context.theme;
    const ImFont* small = theme.fonts.small;
    const int line = static_cast<int>(std::ceil(small->FontSize));
    const Index n = memory.map.T;
    const auto N = static_cast<int>(n);
    const int cell = std::clamp(1200 / N, line + 2, 64);  // every label has room
    float widest = 0.0F;
    for (const std::string& label : memory.labels)
        widest = std::max(widest, text_width(small, label));
    const int label = static_cast<int>(std::ceil(std::min(widest, 60.0F * theme.unit)));
    const int margin = static_cast<int>(4.0F * theme.unit);
    const int heading = static_cast<int>(std::ceil(theme.fonts.bold->FontSize)) + line + 2 * margin;
    const int left = 2 * margin + label;
    const int top = heading + label + margin;
    Image image(left + N * cell + margin, top + N * cell + margin, theme.surface);
    const Image map = enlarged(memory.picture.image(), cell, theme.background);
    for (int y = 0; y < map.height; ++y) {
        std::copy_n(&map.pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(map.width)],
                    map.width, &image.at(left, top + y));
    }
    raster_text(image, theme.fonts.bold, margin, margin, theme.text,
                map_title(context, memory.map));
    const std::string axes =
        std::string("↓ ") + context.say("query", "쿼리") + "   → " + context.say("key", "키");
    raster_text(image, small, margin, heading - line - margin / 2, theme.muted, axes);
    const float room = static_cast<float>(label);
    for (int i = 0; i < N; ++i) {
        const std::string text = elided(small, memory.labels[static_cast<std::size_t>(i)], room);
        const int width = static_cast<int>(std::ceil(text_width(small, text)));
        const int middle = i * cell + (cell - line) / 2;
        raster_text(image, small, left - margin / 2 - width, top + middle, theme.text, text);
        raster_text(image, small, left + middle, top - margin / 2, theme.text, text, true);
    }
    return image;
}

std::filesystem::path pictures_folder() {
    const char* home = std::getenv("HOME");
    std::error_code ignored;
    if (home && *home) {
        const std::filesystem::path xdg = xdg_pictures(home);
        if (!xdg.empty() && std::filesystem::is_directory(xdg, ignored)) return xdg;
        const std::filesystem::path pictures = std::filesystem::path(home) / "Pictures";
        if (std::filesystem::is_directory(pictures, ignored)) return pictures;
    }
    return std::filesystem::current_path();
}

std::filesystem::path free_path(const std::filesystem::path& folder, const std::string& stem) {
    std::filesystem::path path = folder / (stem + ".png");
    for (int i = 2; std::filesystem::exists(path); ++i) {
        path = folder / (stem + "-" + std::to_string(i) + ".png");
    }
    return path;
}

std::future<std::filesystem::path> save_picture(Image image, std::string stem) {
    return std::async(std::launch::async, [image = std::move(image), stem = std::move(stem)] {
        std::filesystem::path path = free_path(pictures_folder(), stem);
        save_png(image, path);
        return path;
    });
}

void save_png(const Image& image, const std::filesystem::path& path) {
    std::string png;
    const auto append = [](void* to, void* data, int size) {
        static_cast<std::string*>(to)->append(static_cast<const char*>(data),
                                              static_cast<std::size_t>(size));
    };
    const int row = image.width * 4;
    if (stbi_write_png_to_func(append, &png, image.width, image.height, 4, image.pixels.data(),
                               row) == 0) {
        throw FileError(path.string(), "a picture", "an empty one", "nothing was written");
    }
    AtomicFile file(path);
    file.write(png);
    file.commit();
}

}  // namespace vitrine::viz
