// vitrine models: what is there, and what is inside.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <tuple>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "io/assets.h"
#include "models/language_model.h"
#include "tensor/error.h"

namespace vitrine::cli {

namespace {

using nlohmann::json;

namespace fs = std::filesystem;

/// A model that is there.
struct Place {
    std::string name;
    fs::path folder;
    std::string kind;  // "bundled", "cached", "folder"
};

void add_bundled(std::vector<Place>& places) {
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
    if (const fs::path hub = variable("HF_HUB_CACHE"); !hub.empty()) return hub;
    if (const fs::path home = variable("HF_HOME"); !home.empty()) return home / "hub";
    if (const fs::path cache = variable("XDG_CACHE_HOME"); !cache.empty()) {
        return cache / "huggingface" / "hub";
    }
    return variable("HOME") / ".cache" / "huggingface" / "hub";
}

/// models--OWNER--NAME/snapshots/COMMIT, the commit being what refs/main says.
void add_cached(std::vector<Place>& places) {
    const std::string prefix = "models--";
    std::error_code none;  // no cache: no models
    for (const auto& entry : fs::directory_iterator(hub_cache(), none)) {
        std::string name = entry.path().filename().string();
        if (name.rfind(prefix, 0) != 0) continue;
        name.erase(0, prefix.size());
        if (const std::size_t dashes = name.find("--"); dashes != std::string::npos) {
            name.replace(dashes, 2, "/");
        }
        std::string commit;
        std::ifstream(entry.path() / "refs" / "main") >> commit;
        const fs::path folder = entry.path() / "snapshots" / commit;
        if (!commit.empty() && fs::exists(folder / "config.json")) {
            places.push_back({name, folder, "cached"});
        }
    }
}

std::vector<Place> all_places() {
    std::vector<Place> places;
    add_bundled(places);
    add_cached(places);
    std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
        return std::tie(a.kind, a.name) < std::tie(b.kind, b.name);
    });
    return places;
}

/// A name of the list, or a folder.
Place find_model(const std::string& name) {
    for (const Place& place : all_places()) {
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

json describe(const Place& place) {
    const auto model = load_language_model(place.folder);
    const ModelInfo& info = model->info();
    return {{"name", place.name},
            {"folder", place.folder.string()},
            {"kind", place.kind},
            {"family", info.family},
            {"parameters", info.parameters},
            {"layers", info.layers},
            {"heads", info.heads},
            {"kv_heads", info.kv_heads},
            {"width", info.width},
            {"head_width", info.head_width},
            {"ff_width", info.ff_width},
            {"vocabulary", info.vocabulary},
            {"positions", info.max_positions},
            {"dtype", info.dtype},
            {"bytes", info.weight_bytes},
            {"bos_id", info.bos_id},
            {"eos_id", info.eos_id}};
}

/// A cached model of another kind does not spoil the list: what stands in its way is shown.
json describe_or_problem(const Place& place) {
    try {
        return describe(place);
    } catch (const Error& problem) {
        return {{"name", place.name},
                {"folder", place.folder.string()},
                {"kind", place.kind},
                {"problem", problem.what()}};
    }
}

void print_list(bool as_json) {
    json all = json::array();
    for (const Place& place : all_places()) all.push_back(describe_or_problem(place));
    if (as_json) {
        print_json(all);
        return;
    }
    for (const json& model : all) {
        std::cout << styled(padded(model["name"], 24), Style::accent) << ' '
                  << padded(model["kind"], 8);
        if (model.contains("problem")) {
            std::cout << styled(model["problem"].get<std::string>(), Style::dim) << '\n';
        } else {
            std::cout << padded(model["family"], 8) << model["parameters"].get<Index>() / 1000
                      << "k parameters, " << model["dtype"].get<std::string>() << '\n';
        }
    }
}

void print_info(const std::string& name, bool as_json) {
    const json model = describe(find_model(name));
    if (as_json) {
        print_json(model);
        return;
    }
    static const std::pair<const char*, const char*> lines[] = {
        {"family", "family"},
        {"parameters", "parameters"},
        {"layers", "layers (L)"},
        {"heads", "heads (H)"},
        {"width", "width (C)"},
        {"head_width", "head width (D)"},
        {"ff_width", "feed-forward width (F)"},
        {"vocabulary", "vocabulary (V)"},
        {"positions", "positions"},
        {"dtype", "stored as"},
        {"folder", "folder"}};
    std::cout << styled(model["name"], Style::bold) << '\n';
    for (const auto& [key, label] : lines) {
        const json& value = model[key];
        std::cout << "  " << styled(padded(label, 24), Style::dim)
                  << (value.is_string() ? value.get<std::string>() : value.dump()) << '\n';
    }
}

}  // namespace

void add_models(CLI::App& app) {
    auto* command = app.add_subcommand("models", "Models that are bundled, and what is inside");
    command->require_subcommand(1);
    auto as_json = std::make_shared<bool>(false);
    auto name = std::make_shared<std::string>();

    auto* list = command->add_subcommand("list", "Names of the models that are there");
    list->add_flag("--json", *as_json, "print JSON");
    example(*list, "vitrine models list");
    list->callback([=] { print_list(*as_json); });

    auto* info = command->add_subcommand("info", "Sizes of a model");
    info->add_option("model", *name, "a name of the list, or a folder")->required();
    info->add_flag("--json", *as_json, "print JSON");
    example(*info, "vitrine models info vitrine-small");
    info->callback([=] { print_info(*name, *as_json); });

    auto* get = command->add_subcommand("get", "Download a model (not there yet)");
    get->add_option("model", *name, "OWNER/NAME on the Hugging Face hub")->required();
    example(*get, "vitrine models get openai-community/gpt2");
    get->callback([=] {
        throw Error("models get", "a model that is here already",
                    "\"" + *name + "\", and downloading is not supported yet",
                    "save the model's files in a folder and give it with --model");
    });
    example(*command, "vitrine models list");
}

}  // namespace vitrine::cli
