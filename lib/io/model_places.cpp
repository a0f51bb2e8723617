#include "io/model_places.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <tuple>

#include "io/assets.h"
#include "io/hub_environment.h"
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

/// "models--OWNER--NAME" -> "OWNER/NAME"; empty for other folders.
std::string model_name(std::string folder) {
    const std::string prefix = "models--";
    if (!folder.starts_with(prefix)) return {};
    folder.erase(0, prefix.size());
    if (const std::size_t dashes = folder.find("--"); dashes != std::string::npos) {
        folder[dashes] = '/';
        folder.erase(dashes + 1, 1);
    }
    return folder;
}

/// The versions of one model in the cache: those that a branch or tag names, then other commits.
void add_versions(const fs::path& model, const std::string& name, std::vector<ModelPlace>& places) {
    std::set<std::string> named;
    std::error_code none;  // no such folder: no versions
    const auto add = [&](const std::string& revision, const std::string& commit) {
        const fs::path folder = model / "snapshots" / commit;
        if (commit.empty() || !fs::exists(folder / "config.json", none)) return;
        named.insert(commit);
        places.push_back({revision == "main" ? name : name + "@" + revision, folder, "cached"});
    };
    const fs::path refs = model / "refs";
    for (const auto& entry : fs::recursive_directory_iterator(refs, none)) {
        if (!entry.is_regular_file(none)) continue;
        std::string commit;
        std::ifstream(entry.path()) >> commit;
        add(entry.path().lexically_relative(refs).generic_string(), commit);
    }
    for (const auto& entry : fs::directory_iterator(model / "snapshots", none)) {
        const std::string commit = entry.path().filename().string();
        if (!named.contains(commit)) add(commit, commit);
    }
}

void add_cached(std::vector<ModelPlace>& places) {
    std::error_code none;  // no cache: no models
    for (const auto& entry : fs::directory_iterator(hub_cache_folder(), none)) {
        const std::string name = model_name(entry.path().filename().string());
        if (!name.empty()) add_versions(entry.path(), name, places);
    }
}

/// What to do about a name that is not here.
std::string how_to_get(const std::string& name) {
    const std::size_t at = name.find('@');
    if (!is_hub_model(name.substr(0, at))) return {};
    if (at != std::string::npos && !is_hub_revision(name.substr(at + 1))) return {};
    const std::string get = "`vitrine models get " + name + "`";
    if (hub_offline()) return "HF_HUB_OFFLINE is set; without it " + get + " downloads it";
    return get + " downloads it, if the Hugging Face hub has it";
}

std::string own_name(const fs::path& folder) {
    const fs::path last = folder.has_filename() ? folder : folder.parent_path();
    return fs::absolute(last).filename().string();
}

}  // namespace

bool has_weights(const fs::path& folder) {
    return fs::exists(folder / "model.safetensors") ||
           fs::exists(folder / "model.safetensors.index.json");
}

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
    const std::string main = "@main";
    const std::string wanted =
        name.ends_with(main) ? name.substr(0, name.size() - main.size()) : name;
    for (const ModelPlace& place : known_models()) {
        if (place.name != wanted) continue;
        if (place.kind == "bundled" || has_weights(place.folder)) return place;
        // Other programs download single files, as they need them.
        throw ArgumentError("model", "the weights of " + name + " in the cache",
                            "only other files of it", how_to_get(name));
    }
    const fs::path folder = fs::path(name).lexically_normal();
    if (fs::is_directory(folder)) return {own_name(folder), folder, "folder"};
    throw ArgumentError("model", "a folder or a name that `vitrine models list` shows",
                        "\"" + name + "\"", how_to_get(name));
}

std::string model_name_of(const fs::path& folder) {
    const auto whole = [](const fs::path& path) { return fs::absolute(path).lexically_normal(); };
    for (const ModelPlace& place : known_models()) {
        if (whole(place.folder) == whole(folder)) return place.name;
    }
    return own_name(folder.lexically_normal());
}

}  // namespace vitrine
