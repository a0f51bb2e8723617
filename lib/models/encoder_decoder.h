// From a text to a text: an encoder reads the source, a decoder writes the target and looks at what
// the encoder made. T5 is this; its file reads the weights from a folder.
// An EncoderDecoder never changes after loading and may be used by several threads at once.
#pragma once

#include "models/language_model.h"
#include "models/stack.h"
#include "nn/encoder_decoder.h"

namespace vitrine {

/// T5's bias by distance, one for all blocks of a stack: [buckets, H].
struct DistanceBias {
    Tensor2 table;
    int max_distance = 128;
};

struct TextToTextWeights {
    Matrix tokens;                 // [V, C], of source and target
    EncoderDecoderWeights stacks;  // blocks and last norms of both
    DistanceBias encoder_bias, decoder_bias;
    Matrix unembed;             // [V, C]; the token table itself if it is tied
    float output_scale = 1.0F;  // of what is unembedded: 1 / sqrt(C) if the table is tied
    int start_id = 0;           // every target begins with it
};

class EncoderDecoder {
   public:
    /// @param info  layers are those of the decoder
    EncoderDecoder(ModelInfo info, TextToTextWeights weights);

    const ModelInfo& info() const { return info_; }
    const TextToTextWeights& weights() const { return weights_; }

    /// Reads sources. A record takes what happens inside under "encoder.".
    /// @return one memory [S_i, C] for each source
    /// @throws ArgumentError  no ids, an id outside the vocabulary, too many
    /// @throws Stopped        when asked to stop, which is looked at before every layer
    std::vector<Tensor2> encode(std::span<const TokenInput> batch,
                                const Parts& parts = fast_parts(),
                                const std::stop_token& stop = {}) const;

    /// The decoder with one source before its eyes is a language model of the target: it scores,
    /// samples and searches as any other. Records take what happens inside under "decoder.", and
    /// "logits". Its info().bos_id is what a target begins with.
    /// @param memory  [S, C], of encode()
    /// @param mask    [S] or empty: hides positions of the source
    /// @return        looks at this model, which must live longer
    std::unique_ptr<LanguageModel> after(Tensor2 memory, std::span<const int> mask = {}) const;

   private:
    ModelInfo info_;
    TextToTextWeights weights_;
};

}  // namespace vitrine
