// Mamba: a language model without attention. Each block mixes positions with a short convolution
// and a selective scan, whose state has the same size however long the text is.
// Source: Gu and Dao 2023; names and layout of transformers' MambaForCausalLM.
#pragma once

#include "models/language_model.h"

namespace vitrine {

/// A block: x + out(scan(silu(convolution(in(norm(x))))) * silu(gate(norm(x)))).
struct MambaBlock {
    NormWeights norm;
    Linear in, gate;           // [C, E]
    Tensor2 convolution;       // [E, K]
    Tensor1 convolution_bias;  // [E]
    Linear delta_low;          // [E, R]
    Linear delta;              // [R, E], softplus behind it
    Linear B, C;               // [E, N]
    Tensor2 A;                 // [E, N], negative
    Tensor1 D;                 // [E]
    Linear out;                // [E, C]
};

struct MambaWeights {
    Matrix tokens;  // [V, C]
    std::vector<MambaBlock> blocks;
    NormWeights norm;
    Matrix unembed;  // [V, C]; the token table itself if it is tied
};

/// A record takes of each block "resid_pre", "ln_1", "ssm.in", "ssm.gate", "ssm.conv", "ssm.delta"
/// [T, E], "ssm.B" and "ssm.C" [T, N], "ssm.state" [T, E, N], "ssm.y" [T, E], "ssm_out" and
/// "resid_post" [T, C].
class Mamba : public LanguageModel {
   public:
    /// @param info  ff_width is the inner width E
    Mamba(ModelInfo info, MambaWeights weights);

    const ModelInfo& info() const override { return info_; }
    const MambaWeights& weights() const { return weights_; }
    State new_state() const override;
    std::vector<Tensor2> forward(std::span<const Sequence> batch, Logits which, const Parts& parts,
                                 std::stop_token stop) const override;

   private:
    std::vector<Tensor2> run(std::span<const Sequence> batch, Logits which, const Parts& parts,
                             const std::stop_token& stop) const;
    void check(const Sequence& sequence) const;

    ModelInfo info_;
    MambaWeights weights_;
};

}  // namespace vitrine
