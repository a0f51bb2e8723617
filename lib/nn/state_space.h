// The parts of Mamba: a short causal convolution and the selective scan. Both go on from where an
// earlier call stopped, so one step at a time gives what a whole sequence gives.
// Letters: E inner width (channels), N numbers in a channel's state, K width of the convolution.
#pragma once

#include "tensor/tensor.h"

namespace vitrine {

/// Each channel on its own: y[t] = bias + sum over k of weight[k] x[t - K + 1 + k].
/// @param x       [T, E]
/// @param weight  [E, K]
/// @param bias    [E]
/// @param past    [K - 1, E], the inputs before x, oldest first (zeros at the start of a text);
///                afterwards those before the next call
/// @return        [T, E]
Tensor2 causal_convolution(Ref2 x, Ref2 weight, Ref1 bias, Tensor2& past);

struct ScanInputs {
    Ref2 u;      // [T, E], what goes in
    Ref2 delta;  // [T, E], step size, positive
    Ref2 A;      // [E, N], negative: how fast a state decays
    Ref2 B;      // [T, N], how much of the input each state takes
    Ref2 C;      // [T, N], how much of each state comes out
    Ref1 D;      // [E], how much of the input goes straight through
};

/// The selective scan: h = exp(delta A) h + delta B u;  y = C h + D u. Channels side by side.
/// @param state   [E, N]: h before the first position; afterwards behind the last
/// @param states  null, or takes h behind every position, [T, E, N]
/// @return        y [T, E]
/// @throws ShapeError  if the shapes disagree
/// Source: Gu and Dao 2023, algorithm 2.
Tensor2 selective_scan(const ScanInputs& in, Tensor2& state, Tensor3* states = nullptr);

}  // namespace vitrine
