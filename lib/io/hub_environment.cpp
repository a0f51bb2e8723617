#include "io/hub_environment.h"

#include <algorithm>
#include <cctype>

#include "io/environment.h"

namespace vitrine {

namespace fs = std::filesystem;

namespace {
/// "~/x" in a variable that no shell has read.
fs::path expanded(const std::string& path) {
    if (path != "~" && !path.starts_with("~/")) return path;
    return environment_variable("HOME") + path.substr(1);
}

/// Letters, digits and '_', and not first one of `more`; at least one.
bool is_word(std::string_view text, std::string_view more) {
    const auto is_plain = [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
               (letter >= '0' && letter <= '9') || letter == '_';
    };
    return !text.empty() && is_plain(text.front()) &&
           std::all_of(text.begin(), text.end(), [&](char letter) {
               return is_plain(letter) || more.find(letter) != more.npos;
           });
}

}  // namespace

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

bool is_hub_model(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == text.npos) return is_word(text, "-.");
    return is_word(text.substr(0, slash), "-.") && is_word(text.substr(slash + 1), "-.");
}

bool is_hub_revision(std::string_view text) {
    return is_word(text, "-./+");
}

}  // namespace vitrine
