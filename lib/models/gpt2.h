// GPT-2: learned positions, pre-norm blocks, tied unembedding.
// Source: Radford et al. 2019; names and layout of transformers' GPT2LMHeadModel.
#pragma once

#include "io/config.h"
#include "io/safetensors.h"
#include "models/decoder.h"

namespace vitrine {

using GPT2Weights = DecoderWeights;

/// @throws FileError  naming what is missing or misshapen and the key of config.json that says so
std::unique_ptr<LanguageModel> load_gpt2(const ConfigFile& config, const TensorFile& tensors);

/// A GPT-2 of the given sizes with normal weights (deviation 0.02), for measuring.
/// Reads layers, heads, width, vocabulary and max_positions of `sizes`.
std::unique_ptr<Decoder> random_gpt2(const ModelInfo& sizes, std::uint64_t seed);

}  // namespace vitrine
