// GPT-2 with its backward pass: loss and gradients of a batch of equally long rows.
// The forward functions are those of nn/ in the packed form that training wants; every one of them
// has its backward in train/backward.h.
#pragma once

#include <cstdint>
#include <memory>

#include "train/trainer.h"

namespace vitrine::train {

struct AttentionShape;  // train/passes.h

struct GPT2Sizes {
    Index vocabulary = 0;  // V
    Index positions = 0;
    Index width = 0;     // C
    Index layers = 0;    // L
    Index heads = 0;     // H
    Index ff_width = 0;  // F
    double epsilon = 1e-5;
    Activate activation = Activate::gelu_tanh;
    double initializer_range = 0.02;  // deviation of the first matrices; those that write to the
                                      // stream get it divided by sqrt(2 L)
};

class GPT2Trainer : public Trainer {
   public:
    /// Parameters of zeros. @throws ArgumentError  if the heads do not share the width evenly
    explicit GPT2Trainer(const GPT2Sizes& sizes);
    ~GPT2Trainer() override;
    GPT2Trainer(const GPT2Trainer&) = delete;
    GPT2Trainer& operator=(const GPT2Trainer&) = delete;

    const GPT2Sizes& sizes() const { return sizes_; }

    Loss gradients(const Batch& batch, double scale = 1.0, Dropout dropout = {}) override;
    Loss loss(const Batch& batch) override;
    /// Normal of deviation 0.02, the projections back into the stream divided by sqrt(2 L), gains
    /// 1, biases 0. Source: Radford et al. 2019, section 2.3.
    void randomize(std::uint64_t seed) override;
    /// Adds a sinusoid to the learned positions: nearby ones begin alike, distant ones apart.
    /// @param base  of the wavelengths 2 pi base^(2i/C); @param amplitude  of each wave
    void add_sinusoids(double base, double amplitude);

    Index vocabulary() const override { return sizes_.vocabulary; }
    Index positions() const override { return sizes_.positions; }
    std::size_t activation_bytes(Index B, Index T) const override;
    nlohmann::json config() const override;

   protected:
    std::vector<Named> activations() const override;

   private:
    struct Block;
    struct Memory;
    void prepare(const Batch& batch);
    void check(const Batch& batch) const;
    void forward(const Batch& batch, const Dropout& dropout);
    void block_forward(Index l, const Dropout& dropout);
    void block_backward(Index l, const Dropout& dropout);
    Loss end(const Batch& batch, double scale);
    NormWeights norm(std::size_t gain, std::size_t bias);
    AttentionShape attention() const;

    GPT2Sizes sizes_;
    std::vector<Block> blocks_;
    std::size_t wte_ = 0, wpe_ = 0, ln_f_gain_ = 0, ln_f_bias_ = 0;
    std::unique_ptr<Memory> memory_;
};

}  // namespace vitrine::train
