// What a state-space model remembers, in numbers: how far its state moves at each token, what is
// left of a token later on, and how much each token has in what comes out. Pure.
// Letters: E channels, N numbers in a channel's state.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "nn/state_space.h"
#include "viz/app/run.h"

namespace vitrine::viz {

/// What the scan of a block took in. Looks at the run and its model: both have to stay.
/// @return  nothing if the model has no state or the run has not kept its steps
std::optional<ScanInputs> scan_of(const Run& run, Index layer);

/// How far the state of each block moves at each token.
struct StateMoves {
    std::shared_ptr<const Tensor2> share;  // [T, L]: the move in parts of the state's length, that
                                           // before or behind the token, whichever is longer
    Tensor2 moved;                         // [T, L]: length of the difference
    Tensor2 length;                        // [T, L]: of the state behind the token
};
/// @return  empty tensors if the run has no scans
/// @throws Stopped
StateMoves moves_of(const Run& run, const std::stop_token& stop);

/// The state of one block, channel by channel.
struct LayerState {
    Index layer = -1;
    std::vector<Index> order;                // channels, the longest state anywhere first
    std::shared_ptr<const Tensor2> lengths;  // [T, E] of a channel's numbers, columns in that order
    Real usual = 1;                          // 98 of 100 lengths are below
    std::vector<Real> steps;                 // [T]: step size of a token, mean over the channels
};
LayerState layer_state(const ScanInputs& in, Index layer);

/// The N numbers of one channel behind each token: [T, N].
std::shared_ptr<const Tensor2> channel_numbers(const ScanInputs& in, Index channel);

/// What is left of each token s, the column, when the model is at token t, the row; 0 above the
/// diagonal.
struct Remembered {
    Tensor2 kept;   // [T, T]: length of what s wrote and is still in the state, in parts of what it
                    // wrote
    Tensor2 share;  // [T, T]: of what comes out of the state at t, the part that s wrote: lengths,
                    // each row adds up to 1
};
/// All channels of a block together. @throws Stopped
Remembered remembered(const ScanInputs& in, const std::stop_token& stop);

struct RememberedChannel {
    Tensor2 kept;     // [T, T] as above
    Tensor2 weights;  // [T, T]: y[t] = D u[t] + sum over s of weights[t, s] u[s]
};
/// One channel: its weights are the attention that the scan amounts to.
/// Source: Ali et al. 2024, "The hidden attention of Mamba models".
RememberedChannel remembered(const ScanInputs& in, Index channel);

/// How many tokens after s less than half of it is left; -1: that never happens.
Index half_gone(const Tensor2& kept, Index s);

}  // namespace vitrine::viz
