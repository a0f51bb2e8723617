#include "nn/encoder_decoder.h"

#include "nn/layer_norm.h"

namespace vitrine {

Tensor2 encode(const Parts& parts, Ref2 source, const Bias& bias,
               const EncoderDecoderWeights& weights, Record* record) {
    Tensor2 x = source.copy();  // [S, C]
    for (std::size_t l = 0; l < weights.encoder.size(); ++l) {
        const Scope in_block(record, "encoder.blocks." + std::to_string(l) + ".");
        x = parts.encoder_block(parts, x, bias, weights.encoder[l], nullptr, record);
    }
    return normalize(parts, x, weights.encoder_norm);
}

Tensor2 decode(const Parts& parts, Ref2 target, Ref2 memory, const Bias& memory_bias,
               const EncoderDecoderWeights& weights, Record* record) {
    Tensor2 x = target.copy();  // [T, C]
    const Tensor2 mask = causal_bias(target.shape[0], target.shape[0]);
    for (std::size_t l = 0; l < weights.decoder.size(); ++l) {
        const Scope in_block(record, "decoder.blocks." + std::to_string(l) + ".");
        x = parts.decoder_block(parts, x, memory, mask, memory_bias, weights.decoder[l], nullptr,
                                record);
    }
    return normalize(parts, x, weights.decoder_norm);
}

}  // namespace vitrine
