#include "chapters/runner/chapters_parts.h"

#include "chapters/02_embeddings/embeddings.h"
#include "chapters/03_positional_encoding/positional_encoding.h"
#include "chapters/04_attention/attention.h"
#include "chapters/05_multi_head_attention/multi_head_attention.h"
#include "chapters/06_layer_norm/layer_norm.h"
#include "chapters/07_feed_forward/feed_forward.h"
#include "chapters/08_blocks/blocks.h"
#include "chapters/09_gpt/gpt.h"
#include "nn/block.h"
#include "nn/multi_head_attention.h"

namespace vitrine::runner {

namespace {

Parts make_parts() {
    Parts parts = fast_parts();
    parts.embed = chapters::embed;
    parts.unembed = chapters::unembed;
    parts.rotate = chapters::rotate;
    parts.attention = chapters::attention;
    parts.multi_head_attention = chapters::multi_head_attention;
    parts.self_attention = self_attention_by_segment;
    parts.layer_norm = chapters::layer_norm;
    parts.rms_norm = chapters::rms_norm;
    parts.activation = chapters::activation;
    parts.feed_forward = chapters::feed_forward;
    parts.swiglu = chapters::swiglu;
    parts.encoder_block = chapters::encoder_block;
    parts.decoder_block = chapters::decoder_block;
    parts.block = block_by_segment;
    parts.forward = chapters::forward;
    parts.step_with_cache = chapters::step_with_cache;
    return parts;
}

}  // namespace

const Parts& chapters_parts() {
    static const Parts parts = make_parts();
    return parts;
}

}  // namespace vitrine::runner
