#include "models/mamba.h"

#include <algorithm>
#include <cmath>

#include "models/packed.h"
#include "nn/layer_norm.h"
#include "nn/state_space.h"
#include "tensor/error.h"

namespace vitrine {

namespace {

Recurrence empty_recurrence(const MambaBlock& block) {
    const Index E = block.A.shape()[0], N = block.A.shape()[1], K = block.convolution.shape()[1];
    return {zeros<2>({K - 1, E}), zeros<2>({E, N})};
}

void multiply_into(Tensor2& x, const Tensor2& factor) {
    std::transform(x.begin(), x.end(), factor.begin(), x.begin(), std::multiplies<>());
}

/// log(1 + e^x) of every number, without overflow.
void softplus(Tensor2& x) {
    for (Real& value : x) {
        value = std::max(value, Real{0}) + std::log1p(std::exp(-std::abs(value)));
    }
}

/// What mixes positions, for one sequence: inputs [T, E] -> [T, E].
Tensor2 mix_positions(const Parts& parts, const MambaBlock& block, Ref2 in, Recurrence& memory,
                      Record* record) {
    Tensor2 u = parts.activation(
        causal_convolution(in, block.convolution, block.convolution_bias, memory.convolution),
        Activate::silu);
    tap(record, "conv", u, "TE");
    Tensor2 delta = block.delta(block.delta_low(u));
    softplus(delta);
    tap(record, "delta", delta, "TE");
    Tensor2 B = block.B(u), C = block.C(u);
    tap(record, "B", B, "TN");
    tap(record, "C", C, "TN");
    Tensor3 states;
    const bool watched = record != nullptr && record->wants("state");
    const ScanInputs inputs{u, delta, block.A, B, C, block.D};
    Tensor2 y = selective_scan(inputs, memory.scan, watched ? &states : nullptr);
    if (watched) tap(record, "state", states, "TEN");
    tap(record, "y", y, "TE");
    return y;
}

/// A block on a packed batch: x [N, C] -> [N, C].
Tensor2 run_block(const Parts& parts, const MambaBlock& block, Tensor2 x, Segments segments,
                  std::span<Recurrence* const> memories, Record* record) {
    tap(record, "resid_pre", x, "TC");
    Tensor2 normed = normalize(parts, x, block.norm);
    tap(record, "ln_1", normed, "TC");
    Tensor2 mixed;
    {
        const Scope in_mixer(record, "ssm.");
        Tensor2 in = block.in(normed);  // [N, E]
        tap(record, "in", in, "TE");
        Tensor2 gate = block.gate(normed);  // [N, E]
        tap(record, "gate", gate, "TE");
        mixed = uninitialized<2>(shape_of(in));
        for (std::size_t i = 0; i < segments.size(); ++i) {
            const Index begin = segments[i].begin;
            const Tensor2 part =
                mix_positions(parts, block, rows(Ref2(in), begin, begin + segments[i].length),
                              *memories[i], record);
            std::copy(part.begin(), part.end(), mixed.data() + begin * in.shape()[1]);
        }
        multiply_into(mixed, parts.activation(gate, Activate::silu));
    }
    Tensor2 out = block.out(mixed);  // [N, C]
    tap(record, "ssm_out", out, "TC");
    x += out;
    tap(record, "resid_post", x, "TC");
    return x;
}

}  // namespace

Mamba::Mamba(ModelInfo info, MambaWeights weights)
    : info_(std::move(info)), weights_(std::move(weights)) {}

State Mamba::new_state() const {
    State state;
    for (const MambaBlock& block : weights_.blocks) {
        state.recurrences.push_back(empty_recurrence(block));
    }
    return state;
}

void Mamba::check(const Sequence& sequence) const {
    if (sequence.ids.empty()) {
        throw ArgumentError("sequence", "at least one token id", "none",
                            "an empty text has no next token");
    }
    if (sequence.state != nullptr) {
        check_state_layers(sequence.state->recurrences.size(), info_.layers);
    }
}

std::vector<Tensor2> Mamba::forward(std::span<const Sequence> batch, Logits which,
                                    const Parts& parts, std::stop_token stop) const {
    for (const Sequence& sequence : batch) check(sequence);
    check_states_differ(batch);
    if (batch.empty()) return {};
    // States are as they were before the call if it fails: the run works on copies.
    std::vector<State> states;
    std::vector<Sequence> copies(batch.begin(), batch.end());
    states.reserve(batch.size());
    for (Sequence& sequence : copies) {
        states.push_back(sequence.state == nullptr ? new_state() : *sequence.state);
        sequence.state = &states.back();
    }
    const bool recorded = std::any_of(batch.begin(), batch.end(),
                                      [](const Sequence& s) { return s.record != nullptr; });
    std::vector<Tensor2> result;
    if (recorded) {  // a record belongs to one sequence: one after the other
        for (const Sequence& sequence : copies) {
            result.push_back(std::move(run({&sequence, 1}, which, parts, stop).front()));
        }
    } else {
        result = run(copies, which, parts, stop);
    }
    for (std::size_t i = 0; i < batch.size(); ++i) {
        if (batch[i].state == nullptr) continue;
        states[i].length += static_cast<Index>(batch[i].ids.size());
        *batch[i].state = std::move(states[i]);
    }
    return result;
}

std::vector<Tensor2> Mamba::run(std::span<const Sequence> batch, Logits which, const Parts& parts,
                                const std::stop_token& stop) const {
    const Packed packed = pack(batch);
    Record* record = batch.front().record;
    Tensor2 x = parts.embed(packed.ids, weights_.tokens);  // [N, C]
    tap(record, "embed", x, "TC");
    for (std::size_t l = 0; l < weights_.blocks.size(); ++l) {
        if (stop.stop_requested()) throw Stopped();
        std::vector<Recurrence*> memories;
        for (const Sequence& sequence : batch) memories.push_back(&sequence.state->recurrences[l]);
        const Scope in_block(record, "blocks." + std::to_string(l) + ".");
        x = run_block(parts, weights_.blocks[l], std::move(x), packed.segments, memories, record);
    }
    if (stop.stop_requested()) throw Stopped();
    if (which == Logits::last && record == nullptr) x = last_rows(x, packed.segments);
    x = normalize(parts, x, weights_.norm);
    tap(record, "ln_final", x, "TC");
    Tensor2 logits = parts.unembed(x, weights_.unembed);  // [N, V] or [B, V]
    tap(record, "logits", logits, "TV");
    if (which == Logits::last && record != nullptr) logits = last_rows(logits, packed.segments);
    return unpack(std::move(logits), packed.segments, which);
}

}  // namespace vitrine
