#include "nn/parts.h"

#include "nn/attention.h"
#include "nn/block.h"
#include "nn/embedding.h"
#include "nn/feed_forward.h"
#include "nn/layer_norm.h"
#include "nn/multi_head_attention.h"

namespace vitrine {

const Parts& fast_parts() {
    static const Parts parts{fast::embed,      fast::attention,  fast::multi_head_attention,
                             fast::layer_norm, fast::activation, fast::feed_forward,
                             fast::block,      fast::unembed};
    return parts;
}

}  // namespace vitrine
