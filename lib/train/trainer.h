// What the training loop asks of a model: the loss of a batch, and the gradients of its parameters.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "train/backward.h"
#include "train/parameters.h"

namespace vitrine::train {

/// Equally long rows of tokens.
struct Batch {
    std::vector<int> ids;      // [B, T], row by row
    std::vector<int> targets;  // [B, T], what should come next; negative: does not count
    Index T = 0;
    std::vector<Index> starts;  // [B], the position of each row's first token; empty: 0

    // Of an encoder (train/sentence_pairs.h).
    std::vector<int> types{};    // [B, T], 1 for the second text of a pair; empty: all 0
    std::vector<int> mask{};     // [B, T], 0 hides padding; empty: nothing is hidden
    std::vector<int> follows{};  // [B], 0: the second text follows the first, 1: it does not;
                                 // negative: does not count; empty: none does

    // Of an encoder-decoder, whose decoder has the ids above (train/span_corruption.h).
    std::vector<int> source{};  // [B, S], what the encoder reads
    Index S = 0;
    std::vector<int> source_mask{};  // [B, S], as mask

    Index rows() const { return T == 0 ? 0 : static_cast<Index>(ids.size()) / T; }
    /// How many targets count.
    Index counted() const;
};

/// The targets of next-token training: each row's ids one place to the left; the last has none.
std::vector<int> next_tokens(std::span<const int> ids, Index T);

/// A batch of rows of T with next-token targets.
Batch next_token_batch(std::vector<int> ids, Index T);

/// @throws ArgumentError  unless these are rows of T ids, T at most `positions`, each below the
///                        vocabulary
void check_rows(std::span<const int> ids, Index T, Index positions, Index vocabulary);
/// @throws ArgumentError  unless there is a target for each id
void check_targets(const Batch& batch);

/// What config.json calls an activation function.
const char* activation_name(Activate kind);

class Trainer {
   public:
    virtual ~Trainer() = default;

    Parameters& parameters() { return parameters_; }
    const Parameters& parameters() const { return parameters_; }

    /// Loss of a batch; its gradients, times `scale`, are added to those of the parameters.
    /// @throws ArgumentError  for an id, a length or a position that the model does not have
    virtual Loss gradients(const Batch& batch, double scale = 1.0, Dropout dropout = {}) = 0;
    /// Loss alone.
    virtual Loss loss(const Batch& batch) = 0;

    /// Values to begin with, as the model family does it.
    virtual void randomize(std::uint64_t seed) = 0;
    virtual Index vocabulary() const = 0;
    virtual Index positions() const = 0;  // the longest row
    /// Bytes of activations that a batch of B rows of T needs.
    virtual std::size_t activation_bytes(Index B, Index T) const = 0;
    /// config.json as transformers reads it.
    virtual nlohmann::json config() const = 0;

    /// The first tensor that holds NaN or infinity, in the order of computation: a parameter, an
    /// activation of the last pass, the gradient of a parameter. Empty: all are finite.
    std::string first_not_finite() const;

   protected:
    struct Named {
        std::string name;
        std::span<const Real> values;
    };
    /// Activations of the last pass in the order of computation.
    virtual std::vector<Named> activations() const = 0;

    Parameters parameters_;
};

}  // namespace vitrine::train
