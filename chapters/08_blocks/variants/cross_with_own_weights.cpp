// The attention to the memory takes the weights of the self-attention.
#define decoder_block right_decoder_block  // the other functions are the solution's
#include "../solution.cpp"
#undef decoder_block

namespace vitrine::mine {

Tensor2 decoder_block(const Parts& parts, Ref2 x, Ref2 memory, const Bias& bias,
                      const Bias& memory_bias, const BlockWeights& weights, KeyValues* past,
                      Record* record) {
    Tensor2 stream = x.copy();
    tap(record, "resid_pre", stream, "TC");
    Tensor2 in = weights.post_norm ? stream : norm(parts, stream, weights.ln_1);
    if (!weights.post_norm) tap(record, "ln_1", in, "TC");
    Tensor2 attn_out;
    {
        const Scope in_attention(record, "attn.");
        attn_out = parts.multi_head_attention(parts, in, in, bias, weights.attn, past, record);
    }
    tap(record, "attn_out", attn_out, "TC");
    stream = stream + attn_out;
    if (weights.post_norm) stream = norm(parts, stream, weights.ln_1);
    tap(record, "resid_mid", stream, "TC");
    in = weights.post_norm ? stream : norm(parts, stream, weights.ln_cross);
    if (!weights.post_norm) tap(record, "ln_cross", in, "TC");
    Tensor2 cross_out;
    {
        const Scope in_attention(record, "cross_attn.");
        cross_out = parts.multi_head_attention(parts, in, memory, memory_bias, weights.attn,
                                               nullptr, record);
    }
    tap(record, "cross_attn_out", cross_out, "TC");
    stream = stream + cross_out;
    if (weights.post_norm) stream = norm(parts, stream, weights.ln_cross);
    tap(record, "resid_cross", stream, "TC");
    in = weights.post_norm ? stream : norm(parts, stream, weights.ln_2);
    if (!weights.post_norm) tap(record, "ln_2", in, "TC");
    Tensor2 mlp_out = feed_forward(parts, in, weights.mlp, record);
    tap(record, "mlp_out", mlp_out, "TC");
    stream = stream + mlp_out;
    if (weights.post_norm) stream = norm(parts, stream, weights.ln_2);
    tap(record, "resid_post", stream, "TC");
    return stream;
}

}  // namespace vitrine::mine
