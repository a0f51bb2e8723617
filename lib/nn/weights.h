// Weights as parts see them: a matrix of any stored format, a Linear, and the bundles of one block.
// Nothing is copied on loading; a Matrix keeps its mapping alive.
#pragma once

#include <memory>
#include <vector>

#include "kernels/matmul.h"
#include "tensor/tensor.h"

namespace vitrine {

/// A [rows, columns] matrix in a stored format that keeps its memory alive. `transposed` says that
/// the memory holds [columns, rows] instead (torch's nn.Linear keeps [out, in], GPT-2's Conv1D [in,
/// out]).
struct Matrix : MatrixView {
    std::shared_ptr<const void> keep_alive;

    Matrix() = default;
    /// A float32 matrix that owns its numbers.
    explicit Matrix(Tensor2 values);

    /// Columns [begin, end) of the same memory: a slice of a fused QKV.
    Matrix column_range(Index begin, Index end) const;
    /// The same memory read the other way: the tied unembedding of a token table.
    Matrix transpose() const;
    /// Row i as float32, written to `out` [columns].
    void read_row(Index i, Real* out) const;
    /// The whole matrix as float32 [rows, columns].
    Tensor2 values() const;
};

/// A linear map, callable: x W + b.
class Linear {
   public:
    Linear() = default;
    /// @param weight [in, out]
    /// @param bias   [out], or empty for none
    explicit Linear(Matrix weight, Tensor1 bias = {});

    Index in_features() const { return weight_.rows; }
    Index out_features() const { return weight_.columns; }
    bool has_bias() const { return bias_.size() != 0; }
    const Matrix& matrix() const { return weight_; }
    const Tensor1& bias() const { return bias_; }
    /// The weight as float32 [in, out], to look at.
    Tensor2 weight() const { return weight_.values(); }

    /// @param x [N, in]
    /// @return  [N, out]
    /// @throws ShapeError if x has another width
    Tensor2 operator()(Ref2 x) const;

   private:
    Matrix weight_;
    Tensor1 bias_;
};

enum class Norm { layer, rms };

struct NormWeights {
    Tensor1 gain;  // [C]
    Tensor1 bias;  // [C]; empty: none
    float epsilon = 1e-5F;
    Norm kind = Norm::layer;
};

/// How queries and keys are turned by their position. Pair i of a head turns by frequencies[i]
/// radians a position; dimensions beyond the pairs stay.
struct Rotary {
    Tensor1 frequencies;       // [R / 2], R even and at most D
    bool interleaved = false;  // pair i is (2i, 2i + 1), else (i, i + R / 2)

    bool none() const { return frequencies.size() == 0; }
};

struct AttentionWeights {
    Linear q, k, v;      // [C, H D], [C, K D], [C, K D]
    Linear out;          // [H D, C]
    Index heads = 1;     // H
    Index kv_heads = 1;  // K, divides H
    float scale = 1.0F;  // usually 1 / sqrt(D)
    Rotary rotary{};     // none: positions are not turned
    bool causal = true;  // of self-attention: a position sees itself and what comes before it
    Index window = 0;    // of self-attention: only the nearest `window` positions; 0: all
};

enum class Activate { gelu_tanh, gelu_exact, relu, silu, quick_gelu };

struct FeedForwardWeights {
    Linear in;   // [C, F]; of a gated one the "up" projection
    Linear out;  // [F, C]
    Activate activation = Activate::gelu_tanh;
    Linear gate{};  // [C, F] of a gated one: activation(x gate) * (x in); empty: none

    bool gated() const { return gate.out_features() != 0; }
};

/// A block: attention, then feed-forward, each around a residual connection.
struct BlockWeights {
    NormWeights ln_1;
    AttentionWeights attn;
    NormWeights ln_2;
    FeedForwardWeights mlp;
    bool post_norm = false;    // norms after the residual (2017, BERT), not before the branch
    NormWeights ln_cross{};    // of a decoder block
    AttentionWeights cross{};  // of a decoder block: attends to the encoder's result
};

/// A decoder-only transformer.
struct DecoderWeights {
    Matrix wte;                        // [V, C] token table
    Matrix wpe;                        // [positions, C] learned positions; empty: none
    std::vector<BlockWeights> blocks;  // L of them
    NormWeights ln_f;
    Matrix unembed;  // [V, C]; the token table itself if it is tied
};

}  // namespace vitrine
