// T5 with its backward pass: loss of what the decoder writes after what the encoder has read.
// The model is that of models/t5.cpp and models/encoder_decoder.cpp, with their names.
#pragma once

#include <memory>

#include "train/trainer.h"

namespace vitrine::train {

struct AttentionShape;  // train/passes.h

struct T5Sizes {
    Index vocabulary = 0;  // V
    Index width = 0;       // C
    Index layers = 0;      // L of the encoder
    Index decoder_layers = 0;
    Index heads = 0;       // H
    Index head_width = 0;  // D; H D need not be C
    Index ff_width = 0;    // F
    Index buckets = 32;    // of distances, one bias for each and each head
    int max_distance = 128;
    float epsilon = 1e-6F;
    Activate activation = Activate::relu;
    bool gated = false;  // activation(x wi_0) * (x wi_1), with wi_0 the gate
    bool tied = true;    // the unembedding is the token table
    bool scaled = true;  // what is unembedded is divided by sqrt(C)
    int start_id = 0;    // what the decoder reads first
};

class T5Trainer : public Trainer {
   public:
    /// Parameters of zeros. @throws ArgumentError  for sizes below 1, or buckets that can't be
    explicit T5Trainer(const T5Sizes& sizes);
    ~T5Trainer() override;
    T5Trainer(const T5Trainer&) = delete;
    T5Trainer& operator=(const T5Trainer&) = delete;

    const T5Sizes& sizes() const { return sizes_; }

    Loss gradients(const Batch& batch, double scale = 1.0, Dropout dropout = {}) override;
    Loss loss(const Batch& batch) override;
    Tensor2 logits(const Batch& batch);  // [B T, V]

    /// Normal; the token table of deviation 1, a map from n features of 1 / sqrt(n), queries
    /// smaller by sqrt(D), which stands for the missing scale of the scores; gains 1. Source:
    /// Raffel et al. 2019, in their code; transformers, T5PreTrainedModel._init_weights.
    void randomize(std::uint64_t seed) override;
    Index vocabulary() const override { return sizes_.vocabulary; }
    /// Distances have no end: a bound on memory only.
    Index positions() const override { return Index{1} << 20; }
    /// @param T  of source and target alike
    std::size_t activation_bytes(Index B, Index T) const override;
    nlohmann::json config() const override;

   protected:
    std::vector<Named> activations() const override;

   private:
    struct Block;
    struct Stack;
    struct BlockMemory;
    struct StackMemory;
    struct Memory;

    void add_stack(Stack& stack, const std::string& name, Index layers);
    void check(const Batch& batch) const;
    void prepare(const Batch& batch);
    void prepare_stack(StackMemory& m, Index layers, Index T, Index S);
    AttentionShape self(const StackMemory& m) const;
    AttentionShape cross(const StackMemory& m) const;

    NormWeights norm(std::size_t gain);
    void linear_of(const Tensor2& x, std::size_t weight, Tensor2& y);
    void backward_of(const Tensor2& dy, const Tensor2& x, std::size_t weight, Tensor2& dx);
    void norm_backward_of(const Tensor2& x, std::size_t gain, Tensor2& dx);

    void forward(const Batch& batch, const Dropout& dropout);
    void stack_forward(const Stack& stack, StackMemory& m, const Dropout& dropout);
    void self_forward(const Block& p, StackMemory& m, BlockMemory& b, const Dropout& dropout);
    void cross_forward(const Block& p, StackMemory& m, BlockMemory& b, const Dropout& dropout);
    void feed_forward(const Block& p, BlockMemory& b, Tensor2& next, const Dropout& dropout);
    void stack_backward(const Stack& stack, StackMemory& m, const Dropout& dropout);
    void self_backward(const Block& p, StackMemory& m, BlockMemory& b, const Dropout& dropout);
    void cross_backward(const Block& p, StackMemory& m, BlockMemory& b, const Dropout& dropout);
    void feed_backward(const Block& p, StackMemory& m, BlockMemory& b, const Dropout& dropout);
    Loss end(const Batch& batch, double scale);

    T5Sizes sizes_;
    std::size_t tokens_ = 0, unembed_ = 0;
    std::unique_ptr<Stack> encoder_, decoder_;
    std::unique_ptr<Memory> memory_;
};

}  // namespace vitrine::train
