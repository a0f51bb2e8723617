// Where models are: bundled, in the cache that the Hugging Face hub's programs share, or a folder.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace vitrine {

/// A model that is there.
struct ModelPlace {
    std::string name;  // "vitrine-small", "openai-community/gpt2"
    std::filesystem::path folder;
    std::string kind;  // "bundled", "cached", "folder"
};

/// The bundled and the cached ones, by name; a version other than the main branch as
/// "OWNER/NAME@revision".
std::vector<ModelPlace> known_models();

/// Whether a folder has weights in safetensors, or their index.
bool has_weights(const std::filesystem::path& folder);

/// By a name of known_models(), or a folder.
/// @throws ArgumentError  saying how to get it, if it could be a model of the hub
ModelPlace find_model(const std::string& name);

/// What users call the model in a folder: its name of known_models(), else the folder's own.
std::string model_name_of(const std::filesystem::path& folder);

}  // namespace vitrine
