// A decoder-only transformer: the token table, blocks, a last norm, the unembedding. GPT-2, Llama
// and their kin are this with other weights; each family's file reads its own from a folder.
#pragma once

#include "models/language_model.h"

namespace vitrine {

class Decoder : public LanguageModel {
   public:
    Decoder(ModelInfo info, DecoderWeights weights);

    const ModelInfo& info() const override { return info_; }
    const DecoderWeights& weights() const { return weights_; }
    State new_state() const override;
    std::vector<Tensor2> forward(std::span<const Sequence> batch, Logits which, const Parts& parts,
                                 std::stop_token stop) const override;

   private:
    std::vector<Tensor2> run(std::span<const Sequence> batch, Logits which, const Parts& parts,
                             const std::stop_token& stop) const;
    bool run_whole(const Sequence& sequence, Logits which, const Parts& parts,
                   Tensor2& logits) const;
    void check(const Sequence& sequence) const;

    ModelInfo info_;
    DecoderWeights weights_;
};

}  // namespace vitrine
