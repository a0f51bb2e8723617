#include "models/decoder.h"

#include <algorithm>
#include <utility>

#include "models/packed.h"
#include "nn/layer_norm.h"
#include "tensor/error.h"
#include "tensor/shape.h"

namespace vitrine {

Decoder::Decoder(ModelInfo info, DecoderWeights weights)
    : info_(std::move(info)), weights_(std::move(weights)) {}

State Decoder::new_state() const {
    State state;
    for (Index l = 0; l < info_.layers; ++l) {
        state.layers.emplace_back(info_.kv_heads, info_.head_width);
    }
    return state;
}

void Decoder::check(const Sequence& sequence) const {
    if (sequence.ids.empty()) {
        throw ArgumentError("sequence", "at least one token id", "none",
                            "an empty text has no next token");
    }
    const Index start = sequence.state == nullptr ? 0 : sequence.state->length;
    const Index end = start + static_cast<Index>(sequence.ids.size());
    if (end > info_.max_positions) {
        throw ArgumentError("sequence",
                            "at most " + std::to_string(info_.max_positions) + " positions",
                            std::to_string(end), "shorten the text");
    }
    if (sequence.state != nullptr) {
        check_state_layers(sequence.state->layers.size(), info_.layers);
    }
}

/// The sequence through the functions of chapter 09, if they are there and can take it: they know
/// learned positions only, and keep no record while they use a cache.
bool Decoder::run_whole(const Sequence& sequence, Logits which, const Parts& parts,
                        Tensor2& logits) const {
    if (weights_.wpe.rows == 0) return false;
    if (sequence.state == nullptr) {
        if (!parts.forward) return false;
        logits = parts.forward(parts, sequence.ids, weights_, sequence.record);  // [T, V]
        if (which == Logits::last) {
            const Index T = static_cast<Index>(sequence.ids.size());
            logits = rows(Ref2(logits), T - 1, T).copy();
        }
        return true;
    }
    if (!parts.step_with_cache || sequence.record != nullptr) return false;
    const auto T = static_cast<Index>(sequence.ids.size());
    logits = uninitialized<2>({which == Logits::all ? T : 1, info_.vocabulary});
    State& state = *sequence.state;
    const Index before = state.length;
    try {
        for (Index t = 0; t < T; ++t) {
            const int id = sequence.ids[static_cast<std::size_t>(t)];
            const Tensor1 row = parts.step_with_cache(parts, id, weights_, state);
            check_shape("the result of step_with_cache", row, {info_.vocabulary});
            std::copy(row.begin(), row.end(),
                      logits.data() + (which == Logits::all ? t : 0) * info_.vocabulary);
        }
    } catch (...) {
        state.length = before;
        throw;
    }
    state.length = before;  // our caller counts
    return true;
}

std::vector<Tensor2> Decoder::forward(std::span<const Sequence> batch, Logits which,
                                      const Parts& parts, std::stop_token stop) const {
    for (const Sequence& sequence : batch) check(sequence);
    check_states_differ(batch);
    if (batch.empty()) return {};
    const bool recorded = std::any_of(batch.begin(), batch.end(),
                                      [](const Sequence& s) { return s.record != nullptr; });
    try {
        std::vector<Tensor2> result;
        if (parts.forward || parts.step_with_cache ||
            recorded) {  // a record belongs to one sequence: one after the other
            for (const Sequence& sequence : batch) {
                Tensor2 logits;
                if (!run_whole(sequence, which, parts, logits))
                    logits = std::move(run({&sequence, 1}, which, parts, stop).front());
                result.push_back(std::move(logits));
            }
        } else {
            result = run(batch, which, parts, stop);
        }
        for (const Sequence& sequence : batch) {
            if (sequence.state != nullptr) {
                sequence.state->length += static_cast<Index>(sequence.ids.size());
            }
        }
        return result;
    } catch (...) {
        for (const Sequence& sequence : batch) {
            if (sequence.state != nullptr) sequence.state->truncate(sequence.state->length);
        }
        throw;
    }
}

std::vector<Tensor2> Decoder::run(std::span<const Sequence> batch, Logits which, const Parts& parts,
                                  const std::stop_token& stop) const {
    Packed packed = pack(batch);
    Record* record = batch.front().record;

    Tensor2 x = parts.embed(packed.ids, weights_.wte);  // [N, C]
    tap(record, "embed", x, "TC");
    if (weights_.wpe.rows > 0) {
        Tensor2 positions = parts.embed(packed.positions, weights_.wpe);  // [N, C]
        tap(record, "pos_embed", positions, "TC");
        x += positions;
    }

    for (Index l = 0; l < info_.layers; ++l) {
        if (stop.stop_requested()) throw Stopped();
        for (std::size_t i = 0; i < batch.size(); ++i) {
            State* state = batch[i].state;
            packed.segments[i].past =
                state == nullptr ? nullptr : &state->layers[static_cast<std::size_t>(l)];
        }
        const Scope in_block(record, "blocks." + std::to_string(l) + ".");
        x = parts.block(parts, x, packed.segments, weights_.blocks[static_cast<std::size_t>(l)],
                        record);  // [N, C]
    }
    if (stop.stop_requested()) throw Stopped();

    // A record sees every row; without one, only the rows whose logits are asked for go on.
    if (which == Logits::last && record == nullptr) x = last_rows(x, packed.segments);
    x = normalize(parts, x, weights_.ln_f);
    tap(record, "ln_final", x, "TC");
    if (which == Logits::last && record != nullptr) {
        Tensor2 all = record->wants("logits")
                          ? parts.unembed(x, weights_.unembed)
                          : parts.unembed(last_rows(x, packed.segments), weights_.unembed);
        tap(record, "logits", all, "TV");
        const Index T = static_cast<Index>(all.shape()[0]);
        x = rows(Ref2(all), T - 1, T).copy();
    } else {
        x = parts.unembed(x, weights_.unembed);  // [N, V] or [B, V]
        tap(record, "logits", x, "TV");
    }
    return unpack(std::move(x), packed.segments, which);
}

}  // namespace vitrine
