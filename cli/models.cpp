// vitrine models: what is there, and what is inside.
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/models_get.h"
#include "cli/terminal.h"
#include "io/model_places.h"
#include "models/registry.h"
#include "tensor/error.h"

namespace vitrine::cli {

namespace {

using nlohmann::json;

json describe(const ModelPlace& place) {
    const Model model = load_model(place.folder);
    const ModelInfo& info = info_of(model);
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
json describe_or_problem(const ModelPlace& place) {
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
    for (const ModelPlace& place : known_models()) all.push_back(describe_or_problem(place));
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

void add_models(Command app) {
    const Command command = app.add_subcommand(
        "models", "Models that are here, what is inside, and more from the Hugging Face hub");
    command.require_subcommand();
    auto as_json = std::make_shared<bool>(false);
    auto name = std::make_shared<std::string>();

    const Command list = command.add_subcommand("list", "Names of the models that are there");
    list.add_flag("--json", *as_json, "print JSON");
    list.example("vitrine models list");
    list.callback([=] { print_list(*as_json); });

    const Command info = command.add_subcommand("info", "Sizes of a model");
    info.add_option("model", *name, "a name of the list, or a folder").required();
    info.add_flag("--json", *as_json, "print JSON");
    info.example("vitrine models info vitrine-small");
    info.callback([=] { print_info(*name, *as_json); });

    add_models_get(command);
    command.example("vitrine models list");
}

}  // namespace vitrine::cli
