// CLIP: a tower that reads texts and one that reads pictures, trained so that a picture and the
// text that describes it become vectors of one direction.
// Source: Radford et al. 2021; names and layout of transformers' CLIPModel.
#pragma once

#include "models/language_model.h"
#include "models/stack.h"

namespace vitrine {

/// One picture for the vision tower.
struct PictureInput {
    Ref3 pixels;               // [channels, side, side], as ImageProcessor makes them
    Record* record = nullptr;  // takes what happens inside, under "vision."
};

struct ClipWeights {
    // the text tower
    Matrix tokens, text_positions;  // [V, C], [positions, C]
    std::vector<BlockWeights> text_blocks;
    NormWeights text_norm;
    Linear text_projection;  // [C, P]
    int end_id = -1;         // the text's vector is read where it first stands; -1: where the
                             // largest id stands

    // the vision tower, with a width C' of its own
    Index side = 0, patch = 0, channels = 0;  // pixels of a picture's and a patch's edge
    Linear patches;                           // [channels patch patch, C']
    Tensor1 class_embedding;                  // [C'], in front of the patches
    Matrix vision_positions;                  // [1 + patches, C']
    NormWeights vision_norm_before, vision_norm_after;
    std::vector<BlockWeights> vision_blocks;
    Linear vision_projection;  // [C', P]

    float logit_scale = 1.0F;  // of the cosines
};

class Clip {
   public:
    /// @param info  sizes of the text tower
    Clip(ModelInfo info, ClipWeights weights);

    const ModelInfo& info() const { return info_; }
    const ClipWeights& weights() const { return weights_; }
    Index projection() const { return weights_.text_projection.out_features(); }

    /// Vectors of length 1: [B, P]. A record takes what happens inside under "text.".
    /// @throws ArgumentError  no ids, an id outside the vocabulary, too many
    /// @throws Stopped        when asked to stop, which is looked at before every layer
    Tensor2 embed_texts(std::span<const TokenInput> batch, const Parts& parts = fast_parts(),
                        const std::stop_token& stop = {}) const;

    /// Vectors of length 1: [B, P].
    /// @throws ShapeError  for a picture of another size than the model reads
    Tensor2 embed_pictures(std::span<const PictureInput> batch, const Parts& parts = fast_parts(),
                           const std::stop_token& stop = {}) const;

    /// How well each picture fits each text, before the softmax: [pictures, texts].
    Tensor2 logits(Ref2 picture_vectors, Ref2 text_vectors) const;

   private:
    Tensor2 read_text(const TokenInput& input, const Parts& parts,
                      const std::stop_token& stop) const;
    Tensor2 read_picture(const PictureInput& input, const Parts& parts,
                         const std::stop_token& stop) const;

    ModelInfo info_;
    ClipWeights weights_;
};

}  // namespace vitrine
