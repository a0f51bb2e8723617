#include "models/packed.h"

#include <algorithm>

#include "tensor/error.h"

namespace vitrine {

Packed pack(std::span<const Sequence> batch) {
    Packed packed;
    for (const Sequence& sequence : batch) {
        const auto length = static_cast<Index>(sequence.ids.size());
        const Index start = sequence.state == nullptr ? 0 : sequence.state->length;
        packed.segments.push_back({static_cast<Index>(packed.ids.size()), length, nullptr});
        packed.ids.insert(packed.ids.end(), sequence.ids.begin(), sequence.ids.end());
        for (Index t = 0; t < length; ++t) packed.positions.push_back(static_cast<int>(start + t));
    }
    return packed;
}

void check_states_differ(std::span<const Sequence> batch) {
    std::vector<const State*> states;
    for (const Sequence& sequence : batch) {
        if (sequence.state != nullptr) states.push_back(sequence.state);
    }
    std::sort(states.begin(), states.end(), std::less<>());
    if (std::adjacent_find(states.begin(), states.end()) != states.end()) {
        throw ArgumentError("batch", "a state of its own for each sequence", "one state twice",
                            "copy the state to fork it");
    }
}

void check_state_layers(std::size_t got, Index layers) {
    if (static_cast<Index>(got) == layers) return;
    throw ArgumentError("state", "one of this model, " + std::to_string(layers) + " layers",
                        std::to_string(got), "use new_state()");
}

Tensor2 last_rows(const Tensor2& x, Segments segments) {
    const auto C = static_cast<Index>(x.shape()[1]);
    Tensor2 last = uninitialized<2>({static_cast<Index>(segments.size()), C});
    Real* to = last.data();
    for (const Segment& segment : segments) {
        to = std::copy_n(x.data() + (segment.begin + segment.length - 1) * C, C, to);
    }
    return last;
}

std::vector<Tensor2> unpack(Tensor2 logits, Segments segments, Logits which) {
    if (segments.size() == 1) {
        std::vector<Tensor2> one;
        one.push_back(std::move(logits));
        return one;
    }
    std::vector<Tensor2> result;
    Index row = 0;
    for (const Segment& segment : segments) {
        const Index count = which == Logits::all ? segment.length : 1;
        result.push_back(rows(Ref2(logits), row, row + count).copy());
        row += count;
    }
    return result;
}

}  // namespace vitrine
