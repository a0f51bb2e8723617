// A GPT of about 20,000 parameters over the characters of a text: small enough to be trained by
// anybody's backward functions within a minute. Its forward pass uses the parts of the chapters
// before; its backward pass is written out here, from the parts of this one.
#pragma once

#include <cstdint>
#include <string>

#include "nn/parts.h"
#include "tensor/random.h"
#include "train/training_parts.h"

namespace vitrine::chapters {

/// A text as the numbers of its characters.
struct CharacterText {
    std::string characters;  // the alphabet, in order: number i is characters[i]
    std::vector<int> ids;

    Index vocabulary() const { return static_cast<Index>(characters.size()); }
};

/// Every byte of the text is a character.
/// @throws TextError  if the text is shorter than two windows of the model
CharacterText read_characters(const std::string& text);

class CharacterModel {
   public:
    static constexpr Index T = 32;  // positions of a window
    static constexpr Index C = 32, H = 4, D = C / H, F = 64, L = 2;

    /// One parameter: where it lies in the state's vectors.
    struct Parameter {
        std::string name;  // "blocks.0.attn.q"
        Shape<2> shape;    // [1, C] for a vector
        Index begin = 0;
        Index size() const { return shape[0] * shape[1]; }
    };

    /// Matrices normal, of deviation 0.1, those that lead back into the stream 0.1 / sqrt(2 L):
    /// more than GPT-2's 0.02, since the model is narrow. Gains 1, biases 0.
    CharacterModel(Index vocabulary, std::uint64_t seed);

    const std::vector<Parameter>& parameters() const { return parameters_; }
    Index vocabulary() const { return vocabulary_; }
    /// Values, gradients and the optimizer's averages of all parameters, one after the other.
    train::TrainingState state;

    /// The logits of every position: ids [B T], rows of T -> [B T, V].
    /// The last row may be shorter.
    Tensor2 logits(const Parts& parts, std::span<const int> ids) const;
    /// The mean loss of rows of T.
    double loss(const Parts& parts, const train::TrainingParts& training,
                std::span<const int> ids) const;
    /// Adds the gradients of the mean loss of rows of T to state.grads, and returns this loss.
    double add_gradients(const Parts& parts, const train::TrainingParts& training,
                         std::span<const int> ids);
    /// Goes on writing. @param prompt  at least one character
    std::string write(const Parts& parts, const CharacterText& text, const std::string& prompt,
                      Index count, float temperature, std::uint64_t seed) const;

   private:
    struct Memory;
    Ref2 matrix(const std::string& name) const;
    NormWeights norm(const std::string& name) const;
    const Parameter& parameter(const std::string& name) const;
    void add(const std::string& name, const Real* gradient);
    Memory forward(const Parts& parts, std::span<const int> ids) const;

    Index vocabulary_;
    std::vector<Parameter> parameters_;
};

/// Windows of T characters from random places, one after the other: ids [B T].
std::vector<int> random_windows(const CharacterText& text, Index B, Random& random);

}  // namespace vitrine::chapters
