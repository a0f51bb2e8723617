#include "viz/app/attention_stack.h"

#include <algorithm>
#include <functional>

#include "nn/multi_head_attention.h"
#include "nn/relative_bias.h"
#include "viz/app/run.h"

namespace vitrine::viz {

namespace {

AttentionStack stack_of(const char* id, const char* prefix, const std::vector<BlockWeights>& blocks,
                        Axis axis) {
    AttentionStack stack{id, prefix, "attn", axis, axis, 0, {}, &blocks, nullptr, nullptr};
    for (const BlockWeights& block : blocks) {
        stack.heads = block.attn.heads;
        stack.sight.push_back({block.attn.causal, block.attn.window});
    }
    return stack;
}

}  // namespace

Sight AttentionStack::sight_of(Index layer) const {
    if (layer >= 0) return sight.at(static_cast<std::size_t>(layer));
    return {!sight.empty() && sight.front().causal, 0};
}

std::string AttentionStack::name(Index layer, const std::string& what) const {
    return prefix + "blocks." + std::to_string(layer) + "." + step + "." + what;
}

std::string AttentionStack::names(const std::string& what) const {
    return prefix + "blocks.*." + step + "." + what;
}

const AttentionWeights& AttentionStack::weights(Index layer) const {
    const BlockWeights& block = blocks->at(static_cast<std::size_t>(layer));
    return step == "cross_attn" ? block.cross : block.attn;
}

std::string AttentionStack::query_name(Index layer) const {
    return name(layer, weights(layer).rotary.none() ? "q" : "q_rot");
}

std::string AttentionStack::key_name(Index layer) const {
    return name(layer, weights(layer).rotary.none() ? "k" : "k_rot");
}

Tensor2 AttentionStack::bias(Index layer, Index head, Index T, Index S) const {
    Tensor2 mask = self_bias(T, S, weights(layer));
    if (distances == nullptr) return mask;
    const auto buckets = static_cast<Index>(distances->table.shape()[0]);
    const auto heads_of_table = static_cast<Index>(distances->table.shape()[1]);
    const Ref2 of_head(distances->table.data() + head, {buckets, 1}, {heads_of_table, 1});
    const Tensor3 by_distance =
        bucket_bias(of_head, !sight_of(layer).causal, distances->max_distance, T, S);
    if (mask.size() == 0) mask = zeros<2>({T, S});
    std::transform(mask.begin(), mask.end(), by_distance.begin(), mask.begin(), std::plus<>());
    return mask;
}

std::vector<AttentionStack> attention_stacks(const LoadedModel& model) {
    if (const Decoder* decoder = model.decoder())
        return {stack_of("attn", "", decoder->weights().blocks, Axis::text)};
    if (const Encoder* encoder = model.encoder())
        return {stack_of("attn", "", encoder->weights().blocks, Axis::text)};
    if (const EncoderDecoder* both = model.text_to_text()) {
        const EncoderDecoderWeights& stacks = both->weights().stacks;
        AttentionStack encoder = stack_of("encoder", "encoder.", stacks.encoder, Axis::text);
        AttentionStack decoder = stack_of("decoder", "decoder.", stacks.decoder, Axis::target);
        AttentionStack across = stack_of("cross", "decoder.", stacks.decoder, Axis::target);
        across.step = "cross_attn";
        across.keys = Axis::text;
        across.sight.assign(stacks.decoder.size(), {false, 0});
        encoder.distances = &both->weights().encoder_bias;
        decoder.distances = &both->weights().decoder_bias;
        return {std::move(encoder), std::move(decoder), std::move(across)};
    }
    if (const Clip* clip = model.clip()) {
        return {stack_of("text", "text.", clip->weights().text_blocks, Axis::text),
                stack_of("picture", "vision.", clip->weights().vision_blocks, Axis::picture)};
    }
    return {};
}

}  // namespace vitrine::viz
