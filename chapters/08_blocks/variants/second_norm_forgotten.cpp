// The norm of the feed-forward network is left out.
#define encoder_block right_encoder_block  // the other functions are the solution's
#include "../solution.cpp"
#undef encoder_block

namespace vitrine::mine {

Tensor2 encoder_block(const Parts& parts, Ref2 x, const Bias& bias, const BlockWeights& weights,
                      KeyValues* past, Record* record) {
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
    in = stream;
    if (!weights.post_norm) tap(record, "ln_2", in, "TC");
    Tensor2 mlp_out = feed_forward(parts, in, weights.mlp, record);
    tap(record, "mlp_out", mlp_out, "TC");
    stream = stream + mlp_out;
    tap(record, "resid_post", stream, "TC");
    return stream;
}

}  // namespace vitrine::mine
