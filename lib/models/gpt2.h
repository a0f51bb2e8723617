// GPT-2: learned positions, pre-norm blocks, tied unembedding.
// Source: Radford et al. 2019; names and layout of transformers' GPT2LMHeadModel.
#pragma once

#include "io/config.h"
#include "io/safetensors.h"
#include "models/language_model.h"
#include "tensor/random.h"

namespace vitrine {

struct GPT2Weights {
    Matrix wte;                        // [V, C] token table, also the unembedding
    Matrix wpe;                        // [positions, C]
    std::vector<BlockWeights> blocks;  // L of them
    NormWeights ln_f;
};

class GPT2 : public LanguageModel {
   public:
    GPT2(ModelInfo info, GPT2Weights weights);

    /// @throws FileError  naming what is missing or misshapen and the key of config.json that says
    /// so
    static std::unique_ptr<LanguageModel> load(const ConfigFile& config, const TensorFile& tensors);
    /// A model of the given sizes with normal weights (deviation 0.02), for measuring.
    /// Reads layers, heads, width, vocabulary and max_positions of `sizes`.
    static std::unique_ptr<GPT2> random(const ModelInfo& sizes, std::uint64_t seed);

    const ModelInfo& info() const override { return info_; }
    const GPT2Weights& weights() const { return weights_; }
    State new_state() const override;
    std::vector<Tensor2> forward(std::span<const Sequence> batch, Logits which, const Parts& parts,
                                 std::stop_token stop) const override;

   private:
    std::vector<Tensor2> run(std::span<const Sequence> batch, Logits which, const Parts& parts,
                             const std::stop_token& stop) const;
    void check(const Sequence& sequence) const;

    ModelInfo info_;
    GPT2Weights weights_;
};

}  // namespace vitrine
