#include "nn/block.h"

#include <algorithm>

#include "nn/feed_forward.h"
#include "nn/layer_norm.h"
#include "nn/multi_head_attention.h"
#include "tensor/shape.h"

namespace vitrine {

Tensor2 block_by_segment(const Parts& parts, Ref2 x, Segments segments, const BlockWeights& weights,
                         Record* record) {
    Tensor2 result = uninitialized<2>(x.shape);
    for (const Segment& segment : segments) {
        const Index T = segment.length;
        const Index S = T + (segment.past == nullptr ? 0 : segment.past->length());
        const Tensor2 mask = self_bias(T, S, weights.attn);
        const Tensor2 part = parts.encoder_block(parts, rows(x, segment.begin, segment.begin + T),
                                                 mask.size() == 0 ? Bias() : Bias(mask), weights,
                                                 segment.past, record);  // [T, C]
        check_shape("the block's result", part, {T, x.shape[1]});
        std::copy(part.begin(), part.end(), result.data() + segment.begin * x.shape[1]);
    }
    return result;
}

namespace fast {

namespace {

/// Cross-attention with a cache: the memory is projected in the first step only.
Tensor2 attend_to_memory(Ref2 x, Ref2 memory, const Bias& bias, const BlockWeights& weights,
                         KeyValues& past) {
    if (past.memory == nullptr)
        past.memory = std::make_shared<const KeyValues>(project_source(memory, weights.cross));
    return attend_to(fast_parts(), x, *past.memory, bias, weights.cross);
}

/// The names under which one step around a residual is recorded.
struct Names {
    const char* norm;
    const char* branch;
    const char* sum;
};

/// x with one branch around a residual, the norm before the branch or after the sum.
template <class Branch>
Tensor2 residual(const Parts& parts, Tensor2 x, const NormWeights& norm, bool post_norm,
                 const Names& names, Record* record, Branch branch) {
    Tensor2 normed;
    if (!post_norm) {
        normed = normalize(parts, x, norm);
        tap(record, names.norm, normed, "TC");
    }
    Tensor2 added = branch(post_norm ? x : normed);  // [T, C]
    tap(record, names.branch, added, "TC");
    check_shape("a residual branch", added, shape_of(x));
    const auto count = static_cast<Index>(x.size());
    Real* to = x.data();
    const Real* from = added.data();
#pragma omp simd
    for (Index i = 0; i < count; ++i) to[i] += from[i];
    if (post_norm) x = normalize(parts, x, norm);
    tap(record, names.sum, x, "TC");
    return x;
}

constexpr Names attention_names{"ln_1", "attn_out", "resid_mid"};
constexpr Names cross_names{"ln_cross", "cross_attn_out", "resid_cross"};
constexpr Names feed_forward_names{"ln_2", "mlp_out", "resid_post"};

Tensor2 feed_forward_step(const Parts& parts, Tensor2 x, const BlockWeights& weights,
                          Record* record) {
    return residual(parts, std::move(x), weights.ln_2, weights.post_norm, feed_forward_names,
                    record,
                    [&](const Tensor2& in) { return feed(parts, in, weights.mlp, record); });
}

}  // namespace

Tensor2 encoder_block(const Parts& parts, Ref2 x, const Bias& bias, const BlockWeights& weights,
                      KeyValues* past, Record* record) {
    Tensor2 stream = x.copy();  // [T, C]
    tap(record, "resid_pre", stream, "TC");
    stream = residual(parts, std::move(stream), weights.ln_1, weights.post_norm, attention_names,
                      record, [&](const Tensor2& in) {
                          const Scope in_attention(record, "attn.");
                          return parts.multi_head_attention(parts, in, in, bias, weights.attn, past,
                                                            record);
                      });
    return feed_forward_step(parts, std::move(stream), weights, record);
}

Tensor2 decoder_block(const Parts& parts, Ref2 x, Ref2 memory, const Bias& bias,
                      const Bias& memory_bias, const BlockWeights& weights, KeyValues* past,
                      Record* record) {
    Tensor2 stream = x.copy();  // [T, C]
    tap(record, "resid_pre", stream, "TC");
    stream = residual(parts, std::move(stream), weights.ln_1, weights.post_norm, attention_names,
                      record, [&](const Tensor2& in) {
                          const Scope in_attention(record, "attn.");
                          return parts.multi_head_attention(parts, in, in, bias, weights.attn, past,
                                                            record);
                      });
    stream = residual(parts, std::move(stream), weights.ln_cross, weights.post_norm, cross_names,
                      record, [&](const Tensor2& in) {
                          const Scope in_attention(record, "cross_attn.");
                          // Other parts, and whoever records, see every step as it is written.
                          if (past != nullptr && record == nullptr && &parts == &fast_parts())
                              return attend_to_memory(in, memory, memory_bias, weights, *past);
                          return parts.multi_head_attention(parts, in, memory, memory_bias,
                                                            weights.cross, nullptr, record);
                      });
    return feed_forward_step(parts, std::move(stream), weights, record);
}

Tensor2 block(const Parts& parts, Ref2 x, Segments segments, const BlockWeights& weights,
              Record* record) {
    Tensor2 stream = x.copy();  // [N, C]
    tap(record, "resid_pre", stream, "TC");
    stream = residual(parts, std::move(stream), weights.ln_1, weights.post_norm, attention_names,
                      record, [&](const Tensor2& in) {
                          const Scope in_attention(record, "attn.");
                          return parts.self_attention(parts, in, segments, weights.attn, record);
                      });
    return feed_forward_step(parts, std::move(stream), weights, record);
}

}  // namespace fast
}  // namespace vitrine
