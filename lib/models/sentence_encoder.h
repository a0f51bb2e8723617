// Sentence embeddings: an encoder, what it makes of the tokens pooled into one vector, and that
// scaled to length 1. Reads the folders of sentence-transformers.
// Source: Reimers and Gurevych 2019.
#pragma once

#include <filesystem>
#include <memory>

#include "models/encoder.h"

namespace vitrine {

/// How the tokens' vectors become the text's: the first position's, their mean, or the largest
/// value in each dimension. Hidden positions count in none.
enum class Pooling { cls, mean, max };

/// @param hidden  [T, C]
/// @param mask    [T] or empty, as of TokenInput
/// @return        [C]; zeros if every position is hidden
Tensor1 pool(Ref2 hidden, std::span<const int> mask, Pooling pooling);

class SentenceEncoder {
   public:
    /// A folder with modules.json (an encoder, Pooling, perhaps Normalize), or an encoder's own
    /// folder, which then gets mean pooling.
    /// @throws FileError  naming the file and key; for a module of another kind, naming it
    static SentenceEncoder load(const std::filesystem::path& folder);

    /// [B, C]; with several poolings [B, their number times C], one behind the other.
    /// @throws ArgumentError, Stopped  as Encoder::forward
    Tensor2 embed(std::span<const TokenInput> batch, const Parts& parts = fast_parts(),
                  const std::stop_token& stop = {}) const;

    const Encoder& encoder() const { return *encoder_; }
    Index width() const;
    Index max_length() const { return max_length_; }  // texts are to be cut to so many tokens
    const std::vector<Pooling>& poolings() const { return poolings_; }
    bool normalizes() const { return normalizes_; }

   private:
    void read_modules(const std::filesystem::path& folder);

    std::unique_ptr<Encoder> encoder_;
    std::vector<Pooling> poolings_;
    bool normalizes_ = false;
    Index max_length_ = 0;
};

}  // namespace vitrine
