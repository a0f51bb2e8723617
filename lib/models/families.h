// The builders of all families, by the file that has each.
#pragma once

#include "models/registry.h"

namespace vitrine {

// @throws FileError  naming what is missing or misshapen and the key of config.json that says so
Model load_bert(const ConfigFile& config, const TensorFile& tensors);     // bert.cpp
Model load_roberta(const ConfigFile& config, const TensorFile& tensors);  // bert.cpp
Model load_clip(const ConfigFile& config, const TensorFile& tensors);     // clip_load.cpp
Model load_gpt2(const ConfigFile& config, const TensorFile& tensors);     // gpt2.cpp
Model load_llama(const ConfigFile& config, const TensorFile& tensors);    // llama.cpp
Model load_mistral(const ConfigFile& config, const TensorFile& tensors);  // llama.cpp
Model load_qwen2(const ConfigFile& config, const TensorFile& tensors);    // llama.cpp
Model load_mamba(const ConfigFile& config, const TensorFile& tensors);    // mamba_load.cpp
Model load_t5(const ConfigFile& config, const TensorFile& tensors);       // t5.cpp

}  // namespace vitrine
