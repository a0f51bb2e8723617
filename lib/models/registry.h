// From "model_type" in config.json to the family that builds the model. A new family is one file
// with a builder, and one line in registry.cpp.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <variant>

#include "io/config.h"
#include "io/safetensors.h"
#include "models/clip.h"
#include "models/encoder.h"
#include "models/encoder_decoder.h"
#include "models/language_model.h"

namespace vitrine {

/// A model of any kind.
using Model = std::variant<std::unique_ptr<LanguageModel>, std::unique_ptr<Encoder>,
                           std::unique_ptr<EncoderDecoder>, std::unique_ptr<Clip>>;

using ModelBuilder = std::function<Model(const ConfigFile&, const TensorFile&)>;

/// All families by model_type.
const std::map<std::string, ModelBuilder>& model_families();

/// Loads a Hugging Face folder (config.json, model.safetensors or its shards), memory-mapped.
/// @throws FileError  naming the file, key or tensor, what was expected and what came
Model load_model(const std::filesystem::path& folder);

const ModelInfo& info_of(const Model& model);

}  // namespace vitrine
