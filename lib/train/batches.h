// Which tokens a step trains on: a function of the seed and of the step alone, so that a run that
// goes on from a checkpoint sees what it would have seen.
#pragma once

#include "train/token_file.h"
#include "train/trainer.h"

namespace vitrine::train {

/// A stretch of a run with rows of one length.
struct Phase {
    Index steps = 1000;
    Index rows = 16;     // B, of a step
    Index length = 256;  // T
    /// Rows begin at a random position, so that all positions are trained on short rows too.
    bool any_start = false;
    /// Share of rows that are a span repeated to the end, random tokens or text in turn: what a
    /// model learns to copy from. The first copy of random tokens does not count.
    double copies = 0.0;
    /// How long these spans are, in tokens, both included; 0: a quarter and half of the row.
    Index shortest_span = 0, longest_span = 0;
};

class Batches {
   public:
    /// @param positions   of the model: starts are chosen so that a row ends before
    /// @param vocabulary  of the model: random tokens are below
    Batches(const TokenFile& tokens, std::uint64_t seed, Index positions, Index vocabulary)
        : tokens_(&tokens), seed_(seed), positions_(positions), vocabulary_(vocabulary) {}

    /// The rows [first, first + count) of a step of a phase. The text is cut into windows of T
    /// tokens, at another place each time through; every window comes once before any comes again.
    /// @param number  of the phase in its run
    /// @throws ArgumentError  if there are not T + 1 tokens
    Batch at(const Phase& phase, Index number, Index step, Index first, Index count) const;

   private:
    void add_text(Batch& batch, Index number, Index row, Index T) const;

    const TokenFile* tokens_;
    std::uint64_t seed_;
    Index positions_, vocabulary_;
};

/// Where i comes in an order of [0, n) that the key alone fixes; each number once.
/// Source: Black and Rogaway 2002, "Ciphers with arbitrary finite domains" (cycle walking).
Index shuffled(Index i, Index n, std::uint64_t key);

}  // namespace vitrine::train
