#include "hub/settings.h"

#include <algorithm>
#include <condition_variable>
#include <fstream>
#include <mutex>

#include "io/environment.h"
#include "io/hub_environment.h"
#include "tensor/error.h"

namespace vitrine::hub {

namespace {

std::string trimmed(const std::string& text) {
    const char* blank = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blank);
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

/// In the order of huggingface_hub, utils/_auth.py.
std::string token() {
    std::string text = trimmed(environment_variable("HF_TOKEN"));
    if (text.empty()) text = trimmed(environment_variable("HUGGING_FACE_HUB_TOKEN"));
    if (text.empty()) {
        const std::string named = environment_variable("HF_TOKEN_PATH");
        std::ifstream file(named.empty() ? hugging_face_home() / "token"
                                         : std::filesystem::path(named));
        std::getline(file, text);
        text = trimmed(text);
    }
    const auto is_odd = [](unsigned char letter) { return letter <= 0x20 || letter >= 0x7f; };
    if (std::any_of(text.begin(), text.end(), is_odd)) {
        throw ArgumentError("HF_TOKEN", "letters, digits and '_'",
                            "something that can't be a token");
    }
    return text;
}

}  // namespace

void pause(std::chrono::milliseconds time, const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, stop, time, [] { return false; });
}

Settings environment_settings() {
    Settings settings;
    if (std::string endpoint = trimmed(environment_variable("HF_ENDPOINT")); !endpoint.empty()) {
        while (endpoint.ends_with('/')) endpoint.pop_back();
        if (!endpoint.starts_with("http://") && !endpoint.starts_with("https://")) {
            throw ArgumentError("HF_ENDPOINT", "an address with http:// or https://",
                                "one without");
        }
        settings.endpoint = endpoint;
    }
    settings.token = token();
    settings.cache = hub_cache_folder();
    settings.offline = hub_offline();
    return settings;
}

}  // namespace vitrine::hub
