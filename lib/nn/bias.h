// What is added to attention scores before the softmax: masks, ALiBi slopes, T5's relative buckets.
#pragma once

#include "tensor/tensor.h"

namespace vitrine {

/// Nothing, one [T, S] for all heads, or one [T, S] a head ([H, T, S]). Minus infinity hides a
/// pair. It looks at numbers that the caller keeps alive.
class Bias {
   public:
    Bias() = default;
    Bias(Ref2 for_all_heads) : shared_(for_all_heads), rank_(2) {}     // NOLINT: implicit
    Bias(Ref3 for_each_head) : each_(for_each_head), rank_(3) {}       // NOLINT: implicit
    Bias(const Tensor2& for_all_heads) : Bias(Ref2(for_all_heads)) {}  // NOLINT: implicit
    Bias(const Tensor3& for_each_head) : Bias(Ref3(for_each_head)) {}  // NOLINT: implicit

    bool none() const { return rank_ == 0; }
    /// The heads that have a [T, S] of their own; 0: one for all, or none.
    Index heads() const { return rank_ == 3 ? each_.shape[0] : 0; }
    /// The [T, S] of head h; an empty Ref if there is no bias.
    Ref2 head(Index h) const { return rank_ == 3 ? each_[h] : shared_; }
    /// @throws ShapeError unless it is none, [T, S] or [H, T, S]
    void check(Index H, Index T, Index S) const;

   private:
    Ref2 shared_;
    Ref3 each_;
    int rank_ = 0;
};

/// scores [H, T, S] + bias, as a new tensor. (A function, since xtensor's own operator+ would take
/// part in the choice of an overloaded one and does not compile for a Bias.)
/// @throws ShapeError if the bias has another shape
Tensor3 add_bias(Ref3 scores, const Bias& bias);

/// [T, S] with minus infinity where query t may not see key s: s > t + (S - T). With a cache the T
/// queries are the last T of S positions.
Tensor2 causal_bias(Index T, Index S);

}  // namespace vitrine
