// The test list of multi-head attention: the fast and the clear implementation both run it.
#pragma once

#include <cmath>

#include "golden.h"
#include "nn/parts.h"
#include "nn/rotary.h"
#include "tensor/random.h"

namespace vitrine::test {

/// Matrix i of torch's in_proj: [3C, C], which keeps [out, in].
inline Linear torch_projection(const TensorFile& file, Index i) {
    const Tensor2 all = golden<2>(file, "in_proj_weight");
    const Tensor1 bias = golden<1>(file, "in_proj_bias");
    const Index C = Index(all.shape()[1]);
    return Linear(Matrix(rows(Ref2(all), i * C, (i + 1) * C).copy()).transpose(),
                  rows(Ref1(bias), i * C, (i + 1) * C).copy());
}

inline AttentionWeights random_attention(Random& random, Index C, Index H, Index K) {
    const auto linear = [&](Index out) {
        return Linear(Matrix(random_normal<2>(random, {C, out}, 0.3)),
                      random_normal<1>(random, {out}, 0.1));
    };
    const Index D = C / H;
    AttentionWeights weights{linear(C), linear(K * D), linear(K * D), linear(C)};
    weights.heads = H;
    weights.kv_heads = K;
    weights.scale = 1.0F / std::sqrt(static_cast<float>(D));
    return weights;
}

/// Bound: float32 sums of 24 products, twice, against float64.
inline void multi_head_attention_cases(const Parts& parts) {
    for (const char* name : {"self", "causal", "cross"}) {
        INFO(name);
        const TensorFile file = TensorFile::open(
            fixture(std::string("parts/multi_head_attention_") + name + ".safetensors"));
        const Tensor2 x = golden<2>(file, "x");                                          // [T, C]
        const Tensor2 source = file.contains("source") ? golden<2>(file, "source") : x;  // [S, C]
        const Index T = Index(x.shape()[0]);
        AttentionWeights weights{torch_projection(file, 0), torch_projection(file, 1),
                                 torch_projection(file, 2),
                                 Linear(Matrix(golden<2>(file, "out_proj_weight")).transpose(),
                                        golden<1>(file, "out_proj_bias"))};
        weights.heads = weights.kv_heads = 3;
        weights.scale = 1.0F / std::sqrt(8.0F);
        const Tensor2 mask = causal_bias(T, T);
        const Bias bias = std::string(name) == "causal" ? Bias(mask) : Bias();
        Record record = Record::of({"pattern"});
        CHECK(largest_difference(
                  parts.multi_head_attention(parts, x, source, bias, weights, nullptr, &record),
                  golden<2>(file, "output")) < 2e-5);
        CHECK(largest_difference(kept<3>(record.cache(), "pattern"), golden<3>(file, "pattern")) <
              1e-5);
    }
    // Grouped heads, rotated, with a past in pieces: the same as the whole at once.
    Random random(22);
    AttentionWeights weights = random_attention(random, 24, 4, 2);
    weights.rotary.frequencies = rotary_frequencies(6, 10000);
    const Tensor2 x = random_normal<2>(random, {10, 24});
    const Tensor2 all = causal_bias(10, 10);
    const Tensor2 whole = parts.multi_head_attention(parts, x, x, all, weights, nullptr, nullptr);
    KeyValues past(2, 6);
    for (Index at = 0; at < 10; at += 5) {
        const Ref2 piece = rows(Ref2(x), at, at + 5);
        const Tensor2 mask = causal_bias(5, at + 5);
        CHECK(largest_difference(
                  parts.multi_head_attention(parts, piece, piece, mask, weights, &past, nullptr),
                  rows(Ref2(whole), at, at + 5).copy()) < 1e-5);
    }
}

}  // namespace vitrine::test
