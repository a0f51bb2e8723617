#include "train/batches.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "tensor/error.h"
#include "tensor/random.h"

namespace vitrine::train {

namespace {

constexpr std::uint64_t mix(std::uint64_t x) {
    return mix_bits(x + golden_step);
}

template <class... More>
constexpr std::uint64_t mix(std::uint64_t x, Index next, More... more) {
    return mix(mix(x) ^ static_cast<std::uint64_t>(next), more...);
}

std::pair<Index, Index> spans(const Phase& phase) {
    const Index T = phase.length;
    const Index longest = phase.longest_span > 0 ? phase.longest_span : T / 2;
    return {phase.shortest_span > 0 ? phase.shortest_span : std::min(T / 4, longest), longest};
}

}  // namespace

Index shuffled(Index i, Index n, std::uint64_t key) {
    // A Feistel network over the next even number of bits; numbers beyond n walk on.
    const auto bits = static_cast<unsigned>(std::bit_width(static_cast<std::uint64_t>(n - 1)));
    const unsigned half = std::max(1U, (bits + 1) / 2);
    const std::uint64_t mask = (std::uint64_t{1} << half) - 1;
    auto x = static_cast<std::uint64_t>(i);
    do {
        std::uint64_t left = x >> half, right = x & mask;
        for (Index round = 0; round < 4; ++round) {
            const std::uint64_t next = left ^ (mix(key, round, static_cast<Index>(right)) & mask);
            left = right;
            right = next;
        }
        x = left << half | right;
    } while (x >= static_cast<std::uint64_t>(n));
    return static_cast<Index>(x);
}

void Batches::add_text(Batch& batch, Index number, Index row, Index T) const {
    // One token at the end is a target only; the cut moves by up to T - 1 tokens with each epoch.
    const Index all = tokens_->tokens() - 1;
    const Index most = all / T;
    if (most < 1) {
        throw ArgumentError("training text", "at least " + std::to_string(T + 1) + " tokens",
                            std::to_string(tokens_->tokens()),
                            "give it more text, or train on shorter rows");
    }
    const Index windows = most == 1 ? 1 : most - 1;  // room for every cut
    const Index epoch = row / windows;
    const std::uint64_t key = mix(seed_, number, epoch);
    const Index room = std::min(T, all - windows * T + 1);
    const Index cut = static_cast<Index>(mix(key) % static_cast<std::uint64_t>(room));
    const Index begin = cut + shuffled(row % windows, windows, key) * T;
    const auto from =
        tokens_->all().subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(T + 1));
    batch.ids.insert(batch.ids.end(), from.begin(), from.end() - 1);
    batch.targets.insert(batch.targets.end(), from.begin() + 1, from.end());
}

Batch Batches::at(const Phase& phase, Index number, Index step, Index first, Index count) const {
    const Index T = phase.length;
    Batch batch;
    batch.T = T;
    for (Index i = 0; i < count; ++i) {
        const Index row = step * phase.rows + first + i;
        add_text(batch, number, row, T);
        Random random(mix(seed_, number, row, 1));
        if (phase.any_start) {
            const auto starts = static_cast<std::uint64_t>(positions_ - T + 1);
            batch.starts.push_back(static_cast<Index>(random.below(starts)));
        }
        if (random.uniform() >= phase.copies || T < 8) continue;
        const bool of_random_tokens = random.below(2) == 0;
        const auto [shortest, longest] = spans(phase);
        const Index span =
            shortest +
            static_cast<Index>(random.below(static_cast<std::uint64_t>(longest - shortest + 1)));
        int* ids = batch.ids.data() + i * T;
        int* targets = batch.targets.data() + i * T;
        if (of_random_tokens) {
            for (Index t = 0; t < span; ++t)
                ids[t] = static_cast<int>(random.below(static_cast<std::uint64_t>(vocabulary_)));
        }
        for (Index t = span; t < T; ++t) ids[t] = ids[t - span];
        for (Index t = 0; t + 1 < T; ++t) targets[t] = ids[t + 1];
        targets[T - 1] = ids[T % span];
        if (of_random_tokens) std::fill_n(targets, span - 1, -1);
    }
    return batch;
}

}  // namespace vitrine::train
