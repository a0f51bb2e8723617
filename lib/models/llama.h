// Llama and what is built like it (Mistral, Qwen2): rotary positions, RMSNorm, SwiGLU, grouped
// heads. Sources: Touvron et al. 2023; Jiang et al. 2023 (Mistral); Yang et al. 2024 (Qwen2); names
// and layout of transformers' LlamaForCausalLM.
#pragma once

#include "io/config.h"
#include "io/safetensors.h"
#include "models/decoder.h"

namespace vitrine {

/// @throws FileError  naming what is missing or misshapen and the key of config.json that says so
std::unique_ptr<LanguageModel> load_llama(const ConfigFile& config, const TensorFile& tensors);

}  // namespace vitrine
