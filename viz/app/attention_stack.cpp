#include "viz/app/attention_stack.h"

#include "viz/app/run.h"

namespace vitrine::viz {

namespace {

AttentionStack stack_of(const char* id, const char* prefix, const std::vector<BlockWeights>& blocks,
                        Axis axis) {
    AttentionStack stack{id, prefix, "attn", axis, axis, 0, {}, &blocks, nullptr};
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
        encoder.blocks = decoder.blocks = across.blocks = nullptr;
        return {std::move(encoder), std::move(decoder), std::move(across)};
    }
    if (const Clip* clip = model.clip()) {
        return {stack_of("text", "text.", clip->weights().text_blocks, Axis::text),
                stack_of("picture", "vision.", clip->weights().vision_blocks, Axis::picture)};
    }
    return {};
}

}  // namespace vitrine::viz
