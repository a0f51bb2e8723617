#include "viz/app/settings.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "io/atomic_file.h"
#include "io/environment.h"
#include "io/json.h"
#include "tensor/error.h"
#include "text/utf8.h"

namespace vitrine::viz {

using nlohmann::json;

namespace {

float number(const json& root, const char* key, float fallback, float low, float high) {
    const auto found = root.find(key);
    if (found == root.end() || !found->is_number()) return fallback;
    return std::clamp(found->get<float>(), low, high);
}

std::string text(const json& root, const char* key, const std::string& fallback) {
    const auto found = root.find(key);
    return found != root.end() && found->is_string() ? found->get<std::string>() : fallback;
}

}  // namespace

std::filesystem::path user_folder(const char* variable, const char* under_home) {
    const std::string named = environment_variable(variable);
    return named.empty() ? environment_variable("HOME") + "/" + under_home : named;
}

std::filesystem::path settings_file() {
    return user_folder("XDG_CONFIG_HOME", ".config") / "vitrine/settings.json";
}

Language language_of_environment() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const std::string value = environment_variable(name);
        if (!value.empty()) return value.rfind("ko", 0) == 0 ? Language::korean : Language::english;
    }
    return Language::english;
}

Settings read_settings(const std::filesystem::path& file) {
    Settings settings;
    settings.language = language_of_environment();
    json root;
    try {
        root = read_json(file, 1U << 20U);
    } catch (const Error&) {
        return settings;  // a first start, or a damaged file
    }
    if (!root.is_object()) return settings;
    const std::string language = text(root, "language", "");
    if (language == "en") settings.language = Language::english;
    if (language == "ko") settings.language = Language::korean;
    settings.dark = text(root, "theme", "light") == "dark";
    settings.scale = number(root, "scale", settings.scale, 0.75F, 2.5F);
    settings.width = static_cast<int>(number(root, "width", 1440, 640, 16384));
    settings.height = static_cast<int>(number(root, "height", 900, 400, 16384));
    settings.left = number(root, "left", settings.left, 140, 600);
    settings.right = number(root, "right", settings.right, 240, 1200);
    settings.exercise = number(root, "exercise", settings.exercise, 0.15F, 0.8F);
    settings.text = text(root, "text", settings.text);
    settings.chapter = text(root, "chapter", settings.chapter);
    settings.view = text(root, "view", settings.view);
    settings.model = text(root, "model", settings.model);
    settings.beside = text(root, "beside", settings.beside);
    return settings;
}

void write_settings(const std::filesystem::path& file, const Settings& settings) {
    const json root{{"language", settings.language == Language::korean ? "ko" : "en"},
                    {"theme", settings.dark ? "dark" : "light"},
                    {"scale", settings.scale},
                    {"width", settings.width},
                    {"height", settings.height},
                    {"left", settings.left},
                    {"right", settings.right},
                    {"exercise", settings.exercise},
                    {"text", settings.text},
                    {"chapter", settings.chapter},
                    {"view", settings.view},
                    {"model", settings.model},
                    {"beside", settings.beside}};
    std::error_code error;
    std::filesystem::create_directories(file.parent_path(), error);
    try {
        write_text_file(file, root.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
    } catch (const FileError&) {
        return;  // as the header says
    }
}

}  // namespace vitrine::viz
