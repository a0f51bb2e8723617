// BERT with its backward pass: masked words and next sentences, of a batch of padded rows.
// The model is that of models/bert.cpp and models/encoder.cpp, with their names.
#pragma once

#include <memory>

#include "train/trainer.h"

namespace vitrine::train {

struct AttentionShape;  // train/passes.h

struct BertSizes {
    Index vocabulary = 0;  // V
    Index positions = 0;
    Index width = 0;     // C
    Index layers = 0;    // L
    Index heads = 0;     // H
    Index ff_width = 0;  // F
    Index types = 2;
    float epsilon = 1e-12F;
    Activate activation = Activate::gelu_exact;
};

/// The loss is the sum of two means: over the words that were chosen, and over the pairs.
/// Source: Devlin et al. 2018, appendix A.2.
class BertTrainer : public Trainer {
   public:
    /// Parameters of zeros. @throws ArgumentError  if the heads do not share the width evenly
    explicit BertTrainer(const BertSizes& sizes);
    ~BertTrainer() override;
    BertTrainer(const BertTrainer&) = delete;
    BertTrainer& operator=(const BertTrainer&) = delete;

    const BertSizes& sizes() const { return sizes_; }

    Loss gradients(const Batch& batch, double scale = 1.0, Dropout dropout = {}) override;
    Loss loss(const Batch& batch) override;
    /// The two losses of the last pass, each on its own.
    Loss word_loss() const { return words_; }
    Loss next_sentence_loss() const { return next_sentence_; }

    struct Logits {
        Tensor2 words;          // [counted, V], of the positions whose targets count, in order
        Tensor2 next_sentence;  // [B, 2]: it follows, it does not
    };
    Logits logits(const Batch& batch);

    /// Normal of deviation 0.02, gains 1, biases 0. Source: Devlin et al. 2018, in their code.
    void randomize(std::uint64_t seed) override;
    Index vocabulary() const override { return sizes_.vocabulary; }
    Index positions() const override { return sizes_.positions; }
    std::size_t activation_bytes(Index B, Index T) const override;
    nlohmann::json config() const override;

   protected:
    std::vector<Named> activations() const override;

   private:
    struct Block;
    struct Memory;
    /// A linear map and the norm or the activation behind it.
    struct Map {
        std::size_t weight = 0, bias = 0;
    };

    Map add_map(const std::string& name, Index in, Index out);
    Map add_norm(const std::string& name);
    void check(const Batch& batch) const;
    void prepare(const Batch& batch);
    void prepare_heads(const Batch& batch);
    AttentionShape attention(const Batch& batch) const;
    NormWeights norm(const Map& map);
    void linear_of(const Tensor2& x, const Map& map, Tensor2& y);
    void backward_of(const Tensor2& dy, const Tensor2& x, const Map& map, Tensor2& dx);
    void norm_backward_of(const Tensor2& x, const Map& map, Tensor2& dx);

    void forward(const Batch& batch, const Dropout& dropout);
    void block_forward(Index l, const Batch& batch, const Dropout& dropout);
    void block_backward(Index l, const Batch& batch, const Dropout& dropout);
    void heads_forward();
    void words_backward();
    void next_sentence_backward();
    Loss end(const Batch& batch, double scale);

    BertSizes sizes_;
    std::vector<Block> blocks_;
    std::size_t tokens_ = 0, positions_ = 0, types_ = 0, word_bias_ = 0;
    Map norm_, pooler_, transform_, transform_norm_, next_map_;
    std::unique_ptr<Memory> memory_;
    Loss words_, next_sentence_;
};

}  // namespace vitrine::train
