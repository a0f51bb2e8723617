#include "io/model_places.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <tuple>

#include "io/assets.h"
#include "tensor/error.h"

namespace vitrine {

namespace fs = std::filesystem;

namespace {

void add_bundled(std::vector<ModelPlace>& places) {
    for (const auto& entry : fs::directory_iterator(assets_folder() / "models")) {
        if (fs::exists(entry.path() / "config.json")) {
            places.push_back({entry.path().filename().string(), entry.path(), "bundled"});
        }
    }
}

/// Where the Hugging Face hub's programs keep what they downloaded.
fs::path hub_cache() {
    const auto variable = [](const char* name) {
        const char* value = std::getenv(name);
        return fs::path(value == nullptr ? "" : value);
    };
    if (fs::path hub = variable("HF_HUB_CACHE"); !hub.empty()) return hub;
    if (const fs::path home = variable("HF_HOME"); !home.empty()) return home / "hub";
    if (const fs::path cache = variable("XDG_CACHE_HOME"); !cache.empty()) {
        return cache / "huggingface" / "hub";
    }
    return variable("HOME") / ".cache" / "huggingface" / "hub";
}

/// models--OWNER--NAME/snapshots/COMMIT, the commit being what refs/main says.
void add_cached(std::vector<ModelPlace>& places) {
    const std::string prefix = "models--";
    std::error_code none;  // no cache: no models
    for (const auto& entry : fs::directory_iterator(hub_cache(), none)) {
        std::string name = entry.path().filename().string();
        if (name.rfind(prefix, 0) != 0) continue;
        name.erase(0, prefix.size());
        if (const std::size_t dashes = name.find("--"); dashes != std::string::npos) {
            name[dashes] = '/';
            name.erase(dashes + 1, 1);
        }
        std::string commit;
        std::ifstream(entry.path() / "refs" / "main") >> commit;
        const fs::path folder = entry.path() / "snapshots" / commit;
        if (!commit.empty() && fs::exists(folder / "config.json")) {
            places.push_back({name, folder, "cached"});
        }
    }
}

}  // namespace

std::vector<ModelPlace> known_models() {
    std::vector<ModelPlace> places;
    add_bundled(places);
    add_cached(places);
    std::sort(places.begin(), places.end(), [](const ModelPlace& a, const ModelPlace& b) {
        return std::tie(a.kind, a.name) < std::tie(b.kind, b.name);
    });
    return places;
}

ModelPlace find_model(const std::string& name) {
    for (const ModelPlace& place : known_models()) {
        if (place.name == name) return place;
    }
    const fs::path folder = fs::path(name).lexically_normal();
    if (fs::is_directory(folder)) {
        const fs::path last = folder.has_filename() ? folder : folder.parent_path();
        return {fs::absolute(last).filename().string(), folder, "folder"};
    }
    throw ArgumentError("model", "a folder or a name that `vitrine models list` shows",
                        "\"" + name + "\"");
}

}  // namespace vitrine
