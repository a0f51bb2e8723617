// GPT-2 with its backward pass: loss and gradients of a batch of equally long rows.
// The forward functions are those of nn/ in the packed form that training wants; every one of them
// has its backward in train/backward.h.
#pragma once

#include <cstdint>
#include <memory>

#include "train/backward.h"
#include "train/parameters.h"

namespace vitrine::train {

struct GPT2Sizes {
    Index vocabulary = 0;  // V
    Index positions = 0;
    Index width = 0;     // C
    Index layers = 0;    // L
    Index heads = 0;     // H
    Index ff_width = 0;  // F
    float epsilon = 1e-5F;
    Activate activation = Activate::gelu_tanh;
};

class GPT2Trainer {
   public:
    /// Parameters of zeros. @throws ArgumentError  if the heads do not share the width evenly
    explicit GPT2Trainer(const GPT2Sizes& sizes);
    ~GPT2Trainer();
    GPT2Trainer(const GPT2Trainer&) = delete;
    GPT2Trainer& operator=(const GPT2Trainer&) = delete;

    const GPT2Sizes& sizes() const { return sizes_; }
    Parameters& parameters() { return parameters_; }

    /// As GPT-2 began: normal of deviation 0.02, the projections back into the stream divided by
    /// sqrt(2 L), gains 1, biases 0. Source: Radford et al. 2019, section 2.3.
    void randomize(std::uint64_t seed);

    /// Loss of a batch; its gradients, times `scale`, are added to those of the parameters.
    /// @param ids      [B, T], row by row
    /// @param targets  [B, T], what should come next; negative: does not count
    /// @throws ArgumentError  for an id or a length that the model does not have
    Loss gradients(std::span<const int> ids, std::span<const int> targets, Index T,
                   double scale = 1.0);
    /// Loss alone.
    Loss loss(std::span<const int> ids, std::span<const int> targets, Index T);

    /// Bytes of activations that a batch of B rows of T needs.
    std::size_t activation_bytes(Index B, Index T) const;

   private:
    struct Block;
    struct Memory;
    void prepare(std::size_t count, Index T);
    void check(std::span<const int> ids, std::span<const int> targets, Index T) const;
    void forward(std::span<const int> ids);
    void block_forward(Index l);
    void block_backward(Index l);
    Loss end(std::span<const int> targets, double scale);
    NormWeights norm(std::size_t gain, std::size_t bias);

    GPT2Sizes sizes_;
    Parameters parameters_;
    std::vector<Block> blocks_;
    std::size_t wte_ = 0, wpe_ = 0, ln_f_gain_ = 0, ln_f_bias_ = 0;
    std::unique_ptr<Memory> memory_;
};

/// The targets of next-token training: each row's ids one place to the left; the last has none.
std::vector<int> next_tokens(std::span<const int> ids, Index T);

}  // namespace vitrine::train
