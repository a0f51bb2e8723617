// vitrine models: what is there, and what is inside.
#include <iostream>
#include <memory>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "io/assets.h"
#include "models/language_model.h"
#include "tensor/error.h"

namespace vitrine::cli {

namespace {

using nlohmann::json;

std::vector<std::filesystem::path> bundled_models() {
    std::vector<std::filesystem::path> folders;
    for (const auto& entry : std::filesystem::directory_iterator(assets_folder() / "models")) {
        if (std::filesystem::exists(entry.path() / "config.json")) folders.push_back(entry.path());
    }
    std::sort(folders.begin(), folders.end());
    return folders;
}

/// A name of the list, or a folder.
std::filesystem::path find_model(const std::string& name) {
    for (const auto& folder : bundled_models()) {
        if (folder.filename() == name) return folder;
    }
    if (std::filesystem::is_directory(name)) return name;
    throw ArgumentError("model", "a folder or a name that `vitrine models list` shows",
                        "\"" + name + "\"");
}

json describe(const std::filesystem::path& folder) {
    const auto model = load_language_model(folder);
    const ModelInfo& info = model->info();
    return {{"name", folder.filename().string()},
            {"folder", folder.string()},
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

void print_list(bool as_json) {
    json all = json::array();
    for (const auto& folder : bundled_models()) all.push_back(describe(folder));
    if (as_json) {
        print_json(all);
        return;
    }
    for (const json& model : all) {
        std::cout << styled(padded(model["name"], 20), Style::accent) << padded(model["family"], 8)
                  << model["parameters"].get<Index>() / 1000 << "k parameters, "
                  << model["dtype"].get<std::string>() << ", bundled\n";
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
    example(*command, "vitrine models list");
}

}  // namespace vitrine::cli
