// What transformers calls the activations that it hands out.
#pragma once

#include <map>
#include <string>

#include "models/registry.h"

namespace vitrine {

/// From our names to those of transformers' outputs: "blocks.3.resid_pre" is "hidden_states.3",
/// "encoder.blocks.0.attn.pattern" is "encoder_attentions.0". Only those that have one.
std::map<std::string, std::string> hugging_face_names(const Model& model);

}  // namespace vitrine
