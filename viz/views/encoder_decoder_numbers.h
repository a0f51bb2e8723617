// A small encoder-decoder of 2017 for the stage, where no bundled model is one: its weights are
// random, from a fixed seed. Nothing here knows of ImGui.
#pragma once

#include <span>

#include "activations/record.h"
#include "nn/encoder_decoder.h"

namespace vitrine::viz {

inline constexpr Index translator_width = 64;  // C
inline constexpr Index translator_heads = 4;   // H
inline constexpr Index translator_layers = 2;  // L, of the encoder and of the decoder

/// Post-norm blocks with ReLU, as in 2017. The same weights on every call.
EncoderDecoderWeights random_translator();

/// A random row for each token, the same for equal tokens, plus the sinusoidal row of its position.
/// @return  [T, C]
Tensor2 random_embedding(std::span<const int> ids);

/// Runs the encoder on `source` and the decoder on `target`, keeping every activation:
/// "encoder.blocks.0.attn.pattern" [H, S, S], "decoder.blocks.0.attn.pattern" [H, T, T],
/// "decoder.blocks.0.cross_attn.pattern" [H, T, S].
ActivationCache run_translator(std::span<const int> source, std::span<const int> target);

}  // namespace vitrine::viz
