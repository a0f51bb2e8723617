#include "models/hugging_face_names.h"

#include "models/mamba.h"

namespace vitrine {

namespace {

using Names = std::map<std::string, std::string>;

/// The blocks of one stack: `ours` in front of our names, `theirs` in front of theirs.
void add_blocks(Names& names, const std::string& ours, const std::string& theirs, Index layers) {
    for (Index l = 0; l < layers; ++l) {
        const std::string i = std::to_string(l), block = ours + "blocks." + i + ".";
        names[block + "resid_pre"] = theirs + "hidden_states." + i;
        names[block + "attn.pattern"] = theirs + "attentions." + i;
    }
}

/// The last of the hidden states, which in stacks with a last norm is behind it.
void add_last(Names& names, const std::string& ours, const std::string& theirs, Index layers) {
    names[ours] = theirs + "hidden_states." + std::to_string(layers);
}

std::string last_block(Index layers) {
    return "blocks." + std::to_string(layers - 1) + ".resid_post";
}

Names names_of(const LanguageModel& model) {
    const Index L = model.info().layers;
    Names names{{"logits", "logits"}};
    add_last(names, "ln_final", "", L);
    if (dynamic_cast<const Mamba*>(&model) == nullptr) {
        add_blocks(names, "", "", L);
        return names;
    }
    // Of Mamba, transformers hands out what is behind each block, and never the embeddings.
    for (Index l = 0; l < L; ++l) {
        const std::string i = std::to_string(l);
        names["blocks." + i + ".resid_post"] = "hidden_states." + i;
    }
    return names;
}

Names names_of(const Encoder& model) {
    const Index L = model.info().layers;
    Names names{
        {"logits", "logits"}, {"pooler_output", "pooler_output"}, {"nsp_logits", "nsp_logits"}};
    // The only head's scores are "logits"; BERT's pretraining has two heads.
    const bool only = model.weights().next_sentence.none() && model.weights().classes.none();
    names["mlm_logits"] = only ? "logits" : "mlm_logits";
    add_blocks(names, "", "", L);
    add_last(names, last_block(L), "", L);
    return names;
}

Names names_of(const EncoderDecoder& model) {
    const auto& stacks = model.weights().stacks;
    const auto encoder = static_cast<Index>(stacks.encoder.size());
    const auto decoder = static_cast<Index>(stacks.decoder.size());
    Names names{{"logits", "logits"}};
    add_blocks(names, "encoder.", "encoder_", encoder);
    add_last(names, "encoder.ln_final", "encoder_", encoder);
    add_blocks(names, "decoder.", "decoder_", decoder);
    add_last(names, "decoder.ln_final", "decoder_", decoder);
    for (Index l = 0; l < decoder; ++l) {
        const std::string i = std::to_string(l);
        names["decoder.blocks." + i + ".cross_attn.pattern"] = "cross_attentions." + i;
    }
    return names;
}

Names names_of(const Clip& model) {
    const auto text = static_cast<Index>(model.weights().text_blocks.size());
    const auto vision = static_cast<Index>(model.weights().vision_blocks.size());
    Names names;
    add_blocks(names, "text.", "text_", text);
    add_last(names, "text.ln_final", "text_", text);
    add_blocks(names, "vision.", "vision_", vision);
    add_last(names, "vision." + last_block(vision), "vision_", vision);
    return names;
}

}  // namespace

Names hugging_face_names(const Model& model) {
    return std::visit([](const auto& kind) { return names_of(*kind); }, model);
}

}  // namespace vitrine
