// Which files of a model are needed: config, tokenizer, safetensors and what sentence encoders and
// vision models add; never weights in other forms.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "hub/client.h"

namespace vitrine::hub {

/// The needed ones in the model's own folder; without the shards, which the index names.
/// @throws FileError  without config.json or safetensors
std::vector<std::string> needed_files(const Listing& listing, const std::string& model);

/// The shards that model.safetensors.index.json names.
/// @throws FileError  if one is not in the listing, leads out of the folder or is no .safetensors
std::vector<std::string> shards(const nlohmann::json& index, const Listing& listing);

/// The files in the folders that modules.json names: the modules of a sentence encoder.
/// @throws FileError  if a folder leads out of the model's
std::vector<std::string> module_files(const nlohmann::json& modules, const Listing& listing);

}  // namespace vitrine::hub
