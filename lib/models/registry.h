// From "model_type" in config.json to the family that builds the model.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "io/config.h"
#include "io/safetensors.h"
#include "models/language_model.h"

namespace vitrine {

using LanguageModelBuilder =
    std::function<std::unique_ptr<LanguageModel>(const ConfigFile&, const TensorFile&)>;

/// All families by model_type.
const std::map<std::string, LanguageModelBuilder>& language_model_families();

}  // namespace vitrine
