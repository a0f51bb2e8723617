#include "models/logit_lens.h"

#include "nn/layer_norm.h"

namespace vitrine {

Tensor2 logit_lens(const DecoderWeights& weights, Ref2 stream, const Parts& parts) {
    const Tensor2 normed = normalize(parts, stream, weights.ln_f);  // [T, C]
    return parts.unembed(normed, weights.unembed);                  // [T, V]
}

}  // namespace vitrine
