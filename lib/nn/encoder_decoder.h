// The transformer of 2017: a stack of encoder blocks reads the source, a stack of decoder blocks
// writes the target and looks at what the encoder made.
#pragma once

#include "nn/parts.h"

namespace vitrine {

struct EncoderDecoderWeights {
    std::vector<BlockWeights> encoder, decoder;
    NormWeights encoder_norm, decoder_norm;  // behind the last block
};

/// What the encoder makes of a source.
/// @param source  [S, C], embedded
/// @param bias    [S, S]: hides padding; none: every position sees every other
/// @return        the memory [S, C]
Tensor2 encode(const Parts& parts, Ref2 source, const Bias& bias,
               const EncoderDecoderWeights& weights, Record* record = nullptr);

/// What the decoder makes of a target, causal.
/// @param target       [T, C], embedded
/// @param memory       [S, C], of encode()
/// @param memory_bias  [T, S]: hides padding of the source
/// @return             [T, C]
Tensor2 decode(const Parts& parts, Ref2 target, Ref2 memory, const Bias& memory_bias,
               const EncoderDecoderWeights& weights, Record* record = nullptr);

}  // namespace vitrine
