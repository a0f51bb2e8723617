#include "io/hub_environment.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>

namespace vitrine {

namespace fs = std::filesystem;

namespace {
/// "~/x" in a variable that no shell has read.
fs::path expanded(const std::string& path) {
    if (path != "~" && !path.starts_with("~/")) return path;
    return environment_variable("HOME") + path.substr(1);
}
}  // namespace

std::string environment_variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

fs::path hugging_face_home() {
    if (const auto home = environment_variable("HF_HOME"); !home.empty()) return expanded(home);
    const auto cache = environment_variable("XDG_CACHE_HOME");
    return expanded(cache.empty() ? "~/.cache" : cache) / "huggingface";
}

fs::path hub_cache_folder() {
    for (const char* name : {"HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"}) {
        if (const auto cache = environment_variable(name); !cache.empty()) return expanded(cache);
    }
    return hugging_face_home() / "hub";
}

bool hub_offline() {
    std::string value = environment_variable("HF_HUB_OFFLINE");
    if (value.empty()) value = environment_variable("TRANSFORMERS_OFFLINE");
    std::transform(value.begin(), value.end(), value.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
    return value == "1" || value == "ON" || value == "YES" || value == "TRUE";
}

}  // namespace vitrine
