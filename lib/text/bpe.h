// The model "BPE" of a tokenizer.json: pieces of text to tokens, by merge rules.
// Refused: dropout, which is for training.
#pragma once

#include <array>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "text/merge.h"
#include "text/piece_cache.h"
#include "text/vocabulary.h"

namespace vitrine {

/// Byte pair encoding. If the vocabulary is spelled in the alphabet of bytes, it starts from single
/// bytes, and the alphabet is left behind on loading; else it starts from characters.
class Bpe {
   public:
    /// @param model       the "model" object
    /// @param vocabulary  already holds the tokens of "vocab", and no others
    /// @throws FileError  for rules of pieces that are not in the vocabulary, and what is refused
    static Bpe read(const nlohmann::json& model, const Vocabulary& vocabulary,
                    const std::string& where);

    /// The tokens of a piece, in order. A byte or character that is no token of the vocabulary
    /// becomes the tokens of its bytes ("byte_fallback"), the unknown token or, if there is none,
    /// nothing: as in tokenizers.
    /// @param symbols  filled with the result
    void encode(std::string_view piece, PieceCache& cache, std::vector<Symbol>& symbols) const;

    /// The symbols a piece starts from, before any rule is applied.
    void start(std::string_view piece, std::vector<Symbol>& symbols) const;
    /// The token a whole piece stays, whatever the rules say: with "ignore_merges".
    std::optional<int> whole_piece(std::string_view piece) const;
    const MergeTable& merges() const { return merges_; }

   private:
    void start_from_characters(std::string_view piece, std::vector<Symbol>& symbols) const;
    void push_unknown(std::uint32_t bytes, bool after_unknown, std::vector<Symbol>& symbols) const;

    MergeTable merges_;
    std::array<int, 256> byte_tokens_{};       // -1: the vocabulary doesn't have the byte
    std::array<int, 256> last_byte_tokens_{};  // of a byte that ends a piece: "x</w>"
    bool from_characters_ = false;
    bool byte_fallback_ = false;                    // every byte has a token "<0xE2>"
    std::unordered_map<char32_t, int> characters_;  // tokens of one character
    int unknown_ = -1;                              // -1: there is no unknown token
    bool fuse_unknown_ = false;                     // neighbouring unknown bytes become one token
    std::unordered_map<std::string, int> whole_;
};

}  // namespace vitrine
