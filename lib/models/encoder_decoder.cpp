#include "models/encoder_decoder.h"

#include <limits>

#include "models/packed.h"
#include "nn/layer_norm.h"
#include "nn/relative_bias.h"
#include "tensor/error.h"
#include "tensor/shape.h"

namespace vitrine {

namespace {

constexpr Real hidden = -std::numeric_limits<Real>::infinity();

/// Bias of the encoder: by distance in both directions, and what the mask hides.
Tensor3 encoder_bias(const DistanceBias& weights, std::span<const int> mask, Index S) {
    Tensor3 bias = bucket_bias(weights.table, true, weights.max_distance, S, S);  // [H, S, S]
    for (std::size_t s = 0; s < mask.size(); ++s) {
        if (mask[s] == 0) xt::view(bias, xt::all(), xt::all(), s) = hidden;
    }
    return bias;
}

/// Bias of the decoder: by distance to what came before; what comes later is hidden.
Tensor3 decoder_bias(const DistanceBias& weights, Index T, Index S) {
    Tensor3 bias = bucket_bias(weights.table, false, weights.max_distance, T, S);  // [H, T, S]
    const auto H = static_cast<Index>(bias.shape()[0]);
    for (Index h = 0; h < H; ++h) {
        for (Index t = 0; t < T; ++t) {
            for (Index s = t + (S - T) + 1; s < S; ++s) bias(h, t, s) = hidden;
        }
    }
    return bias;
}

/// The decoder with one source before its eyes.
class Target : public LanguageModel {
   public:
    Target(const EncoderDecoder& model, Tensor2 memory, std::span<const int> mask)
        : info_(model.info()),
          weights_(&model.weights()),
          memory_(std::move(memory)),
          mask_(mask.begin(), mask.end()) {
        info_.bos_id = weights_->start_id;
    }

    const ModelInfo& info() const override { return info_; }
    State new_state() const override {
        State state;
        state.layers.assign(weights_->stacks.decoder.size(),
                            KeyValues(info_.kv_heads, info_.head_width));
        return state;
    }
    std::vector<Tensor2> forward(std::span<const Sequence> batch, Logits which, const Parts& parts,
                                 std::stop_token stop) const override;

   private:
    Tensor2 run(const Sequence& sequence, Logits which, const Parts& parts,
                const std::stop_token& stop) const;
    void check(const Sequence& sequence) const;

    ModelInfo info_;
    const TextToTextWeights* weights_;
    Tensor2 memory_;         // [S, C]
    std::vector<int> mask_;  // [S] or empty
};

void Target::check(const Sequence& sequence) const {
    const Index start = sequence.state == nullptr ? 0 : sequence.state->length;
    check_input({sequence.ids}, info_.max_positions - start);
    if (sequence.state != nullptr) {
        check_state_layers(sequence.state->layers.size(), info_.layers);
    }
}

std::vector<Tensor2> Target::forward(std::span<const Sequence> batch, Logits which,
                                     const Parts& parts, std::stop_token stop) const {
    for (const Sequence& sequence : batch) check(sequence);
    check_states_differ(batch);
    std::vector<Tensor2> result;
    try {
        for (const Sequence& sequence : batch) {
            result.push_back(run(sequence, which, parts, stop));
        }
    } catch (...) {
        for (const Sequence& sequence : batch) {
            if (sequence.state != nullptr) sequence.state->truncate(sequence.state->length);
        }
        throw;
    }
    for (const Sequence& sequence : batch) {
        if (sequence.state == nullptr) continue;
        sequence.state->length += static_cast<Index>(sequence.ids.size());
    }
    return result;
}

Tensor2 Target::run(const Sequence& sequence, Logits which, const Parts& parts,
                    const std::stop_token& stop) const {
    Record* record = sequence.record;
    const auto T = static_cast<Index>(sequence.ids.size());
    const Index past = sequence.state == nullptr ? 0 : sequence.state->length;
    const Tensor3 bias = decoder_bias(weights_->decoder_bias, T, past + T);
    const Tensor2 memory_bias = mask_bias(mask_, T);
    Tensor2 x;
    {
        const Scope in_decoder(record, "decoder.");
        x = parts.embed(sequence.ids, weights_->tokens);  // [T, C]
        tap(record, "embed", x, "TC");
        for (std::size_t l = 0; l < weights_->stacks.decoder.size(); ++l) {
            if (stop.stop_requested()) throw Stopped();
            const Scope in_block(record, "blocks." + std::to_string(l) + ".");
            KeyValues* cache = sequence.state == nullptr ? nullptr : &sequence.state->layers[l];
            x = parts.decoder_block(parts, x, memory_, bias, bias_or_none(memory_bias),
                                    weights_->stacks.decoder[l], cache, record);
        }
        x = normalize(parts, x, weights_->stacks.decoder_norm);
        tap(record, "ln_final", x, "TC");
    }
    if (which == Logits::last && record == nullptr) x = rows(Ref2(x), T - 1, T).copy();
    x *= weights_->output_scale;
    Tensor2 logits = parts.unembed(x, weights_->unembed);  // [T, V] or [1, V]
    tap(record, "logits", logits, "TV");
    const auto count = static_cast<Index>(logits.shape()[0]);
    return which == Logits::last ? rows(Ref2(logits), count - 1, count).copy() : logits;
}

}  // namespace

EncoderDecoder::EncoderDecoder(ModelInfo info, TextToTextWeights weights)
    : info_(std::move(info)), weights_(std::move(weights)) {}

std::vector<Tensor2> EncoderDecoder::encode(std::span<const TokenInput> batch, const Parts& parts,
                                            const std::stop_token& stop) const {
    for (const TokenInput& input : batch) check_input(input, info_.max_positions);
    std::vector<Tensor2> result;
    for (const TokenInput& input : batch) {
        const Scope in_encoder(input.record, "encoder.");
        Tensor2 x = parts.embed(input.ids, weights_.tokens);  // [S, C]
        tap(input.record, "embed", x, "TC");
        const Tensor3 bias =
            encoder_bias(weights_.encoder_bias, input.mask, static_cast<Index>(input.ids.size()));
        x = run_blocks(parts, std::move(x), bias, weights_.stacks.encoder, input.record, stop);
        x = normalize(parts, x, weights_.stacks.encoder_norm);
        tap(input.record, "ln_final", x, "TC");
        result.push_back(std::move(x));
    }
    return result;
}

std::unique_ptr<LanguageModel> EncoderDecoder::after(Tensor2 memory,
                                                     std::span<const int> mask) const {
    const auto S = static_cast<Index>(memory.shape()[0]);
    check_shape("memory", memory, {S, info_.width});
    if (S == 0 || (!mask.empty() && static_cast<Index>(mask.size()) != S)) {
        throw ArgumentError("mask", std::to_string(S) + " numbers, one for each row of the memory",
                            std::to_string(mask.size()));
    }
    return std::make_unique<Target>(*this, std::move(memory), mask);
}

}  // namespace vitrine
