#include "nn/parts.h"

#include "nn/attention.h"
#include "nn/block.h"
#include "nn/embedding.h"
#include "nn/feed_forward.h"
#include "nn/layer_norm.h"
#include "nn/multi_head_attention.h"
#include "nn/rotary.h"

namespace vitrine {

const Parts& fast_parts() {
    static const Parts parts{.embed = fast::embed,
                             .rotate = fast::rotate,
                             .attention = fast::attention,
                             .multi_head_attention = fast::multi_head_attention,
                             .self_attention = fast::self_attention,
                             .layer_norm = fast::layer_norm,
                             .rms_norm = fast::rms_norm,
                             .activation = fast::activation,
                             .feed_forward = fast::feed_forward,
                             .swiglu = fast::swiglu,
                             .encoder_block = fast::encoder_block,
                             .decoder_block = fast::decoder_block,
                             .block = fast::block,
                             .unembed = fast::unembed,
                             .forward = {},
                             .step_with_cache = {}};
    return parts;
}

}  // namespace vitrine
