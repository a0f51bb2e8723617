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
#include "viz/app/settings.h"
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
    std::ifstream file(user_folder("XDG_CONFIG_HOME", ".config") / "user-dirs.dirs");
    const std::string key = "XDG_PICTURES_DIR=\"";
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with(key)) continue;
        std::string value = line.substr(key.size(), line.rfind('"') - key.size());
        if (value.starts_with("$HOME/")) return home / value.substr(6);
        return value;
    }
    return {};
}

/// A line of text on its own, on the colour that it will stand on.
Image letters(const ImFont* font, ImU32 colour, ImU32 below, const std::string& text) {
    Image image(static_cast<int>(std::ceil(text_width(font, text))),
                static_cast<int>(std::ceil(font->FontSize)), below);
    raster_text(image, font, 0, 0, colour, text);
    return image;
}

}  // namespace

std::string attention_csv(const ChosenMap& map, std::span<const std::string> queries,
                          std::span<const std::string> keys) {
    const auto name = [](std::span<const std::string> labels, Index i) {
        return quoted(std::to_string(i) + " " + labels[static_cast<std::size_t>(i)]);
    };
    std::string csv = "\"query \\ key\"";
    for (Index key = 0; key < map.S; ++key) csv += "," + name(keys, key);
    csv += "\r\n";
    for (Index query = 0; query < map.T; ++query) {
        csv += name(queries, query);
        for (Index key = 0; key < map.S; ++key) {
            char number[32];  // nine digits bring a float32 back exactly
            std::snprintf(number, sizeof number, ",%.9g",
                          static_cast<double>(map.weight(query, key)));
            csv += number;
        }
        csv += "\r\n";
    }
    return csv;
}

AttentionPicture attention_picture(const ViewContext& context, const AttentionMemory& memory) {
    const Theme& theme = context.theme;
    const ImFont* small = theme.fonts.small;
    const int line = static_cast<int>(std::ceil(small->FontSize));
    const auto rows = static_cast<int>(memory.map.T), columns = static_cast<int>(memory.map.S);
    const int cell = std::clamp(1200 / std::max(rows, columns), line + 2, 64);  // labels have room
    float widest = 0.0F;
    for (const auto* labels : {&memory.query_labels(), &memory.key_labels()}) {
        for (const std::string& label : *labels)
            widest = std::max(widest, text_width(small, label));
    }
    const int label = static_cast<int>(std::ceil(std::min(widest, 60.0F * theme.unit)));
    const int margin = static_cast<int>(4.0F * theme.unit);
    const int heading = static_cast<int>(std::ceil(theme.fonts.bold->FontSize)) + line + 2 * margin;
    AttentionPicture picture;
    picture.surface = theme.surface;
    picture.background = theme.background;
    picture.left = 2 * margin + label;
    picture.top = heading + label + margin;
    picture.cell = cell;
    picture.width = picture.left + columns * cell + margin;
    picture.height = picture.top + rows * cell + margin;
    picture.map = memory.picture.image();
    picture.name = "vitrine-" + (memory.stack->id == "attn" ? "attention" : memory.stack->id) +
                   "-L" + std::to_string(memory.map.layer) + "-H" + std::to_string(memory.map.head);
    picture.texts.push_back({margin, margin,
                             letters(theme.fonts.bold, theme.text, theme.surface,
                                     map_title(context, memory.map.layer, memory.map.head))});
    const std::string axes =
        std::string("↓ ") + context.say("query", "쿼리") + "   → " + context.say("key", "키");
    picture.texts.push_back(
        {margin, heading - line - margin / 2, letters(small, theme.muted, theme.surface, axes)});
    const auto name = [&](const std::vector<std::string>& labels, int i) {
        const std::string text =
            elided(small, labels[static_cast<std::size_t>(i)], static_cast<float>(label));
        return letters(small, theme.text, theme.surface, text);
    };
    const auto middle = [&](int i) { return i * cell + (cell - line) / 2; };
    for (int i = 0; i < columns; ++i) {
        picture.texts.push_back({picture.left + middle(i), picture.top - margin / 2,
                                 name(memory.key_labels(), i), true});
    }
    for (int i = 0; i < rows; ++i) {
        Image row = name(memory.query_labels(), i);
        const int x = picture.left - margin / 2 - row.width;
        picture.texts.push_back({x, picture.top + middle(i), std::move(row)});
    }
    return picture;
}

Image painted(const AttentionPicture& picture) {
    Image image(picture.width, picture.height, picture.surface);
    const Image map = enlarged(picture.map, picture.cell, picture.background);
    for (int y = 0; y < map.height; ++y) {
        std::copy_n(&map.pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(map.width)],
                    map.width, &image.at(picture.left, picture.top + y));
    }
    for (const AttentionPicture::Text& text : picture.texts) {
        for (int row = 0; row < text.letters.height; ++row) {
            for (int column = 0; column < text.letters.width; ++column) {
                const int x = text.x + (text.upwards ? row : column);
                const int y = text.y + (text.upwards ? -column : row);
                if (x < 0 || y < 0 || x >= image.width || y >= image.height) continue;
                image.at(x, y) = text.letters.at(column, row);
            }
        }
    }
    return image;
}

std::filesystem::path pictures_folder() {
    const char* home = std::getenv("HOME");
    std::error_code ignored;
    if (home && *home) {
        std::filesystem::path xdg = xdg_pictures(home);
        if (!xdg.empty() && std::filesystem::is_directory(xdg, ignored)) return xdg;
        std::filesystem::path pictures = std::filesystem::path(home) / "Pictures";
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
