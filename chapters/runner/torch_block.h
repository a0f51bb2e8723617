// The goldens of whole blocks are layers of torch: their weights, read as blocks.
#pragma once

#include <cmath>

#include "chapters/runner/case_tools.h"
#include "nn/weights.h"

namespace vitrine::runner {

/// Weights of torch's Transformer layers, which keep [out, in] and fuse the three projections.
class TorchBlock {
   public:
    /// @param prefix  "encoder.layers.0." in a whole transformer, else empty
    explicit TorchBlock(const TensorFile& file, std::string prefix = {})
        : file_(file), prefix_(std::move(prefix)) {}

    BlockWeights encoder(bool post_norm, Activate activation) const {
        BlockWeights weights;
        weights.ln_1 = norm("norm1");
        weights.attn = attention("self_attn.");
        weights.ln_2 = norm("norm2");
        weights.mlp = {linear("linear1"), linear("linear2"), activation};
        weights.post_norm = post_norm;
        return weights;
    }
    BlockWeights decoder(bool post_norm) const {
        BlockWeights weights = encoder(post_norm, Activate::relu);
        weights.ln_cross = weights.ln_2;
        weights.cross = attention("multihead_attn.");
        weights.ln_2 = norm("norm3");
        return weights;
    }
    NormWeights norm(const std::string& name) const {
        return {vector(name + ".weight"), vector(name + ".bias"), 1e-5F};
    }

   private:
    Tensor2 matrix(const std::string& name) const { return tensor_of<2>(file_.at(prefix_ + name)); }
    Tensor1 vector(const std::string& name) const { return tensor_of<1>(file_.at(prefix_ + name)); }
    Linear linear(const std::string& name) const {
        return Linear(Matrix(transpose_last(matrix(name + ".weight")).copy()),
                      vector(name + ".bias"));
    }
    AttentionWeights attention(const std::string& name) const {
        const Tensor2 all = matrix(name + "in_proj_weight");
        const Tensor1 bias = vector(name + "in_proj_bias");
        const auto C = static_cast<Index>(all.shape()[1]);
        const auto projection = [&](Index i) {
            return Linear(Matrix(transpose_last(rows(Ref2(all), i * C, (i + 1) * C)).copy()),
                          rows(Ref1(bias), i * C, (i + 1) * C).copy());
        };
        AttentionWeights weights{projection(0), projection(1), projection(2),
                                 linear(name + "out_proj")};
        weights.heads = weights.kv_heads = 3;
        weights.scale = 1.0F / std::sqrt(static_cast<float>(C) / 3);
        return weights;
    }

    const TensorFile& file_;
    std::string prefix_;
};

}  // namespace vitrine::runner
