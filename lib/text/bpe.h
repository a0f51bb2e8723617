// The model "BPE" of a tokenizer.json: pieces of text to tokens, by merge rules.
// Refused for now: dropout, byte_fallback, continuing_subword_prefix, end_of_word_suffix.
#pragma once

#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "text/merge.h"
#include "text/piece_cache.h"
#include "text/vocabulary.h"

namespace vitrine {

/// Byte pair encoding that starts from single bytes. It works on the bytes themselves; the
/// alphabet in which tokenizer.json spells them is left behind on loading.
class Bpe {
   public:
    /// @param model       the "model" object
    /// @param vocabulary  already holds the tokens of "vocab", and no others
    /// @throws FileError  for rules of pieces that are not in the vocabulary, and what is refused
    static Bpe read(const nlohmann::json& model, const Vocabulary& vocabulary,
                    const std::string& where);

    /// The tokens of a piece, in order. A byte that is no token of the vocabulary becomes the
    /// unknown token or, if there is none, nothing: as in tokenizers.
    /// @param symbols  filled with the result
    void encode(std::string_view piece, PieceCache& cache, std::vector<Symbol>& symbols) const;

    /// The symbols a piece starts from, before any rule is applied.
    void start(std::string_view piece, std::vector<Symbol>& symbols) const;
    /// The token a whole piece stays, whatever the rules say: with "ignore_merges".
    std::optional<int> whole_piece(std::string_view piece) const;
    const MergeTable& merges() const { return merges_; }

   private:
    MergeTable merges_;
    std::array<int, 256> byte_tokens_{};  // -1: the vocabulary doesn't have the byte
    int unknown_ = -1;                    // -1: there is no unknown token
    bool fuse_unknown_ = false;           // neighbouring unknown bytes become one token
    std::unordered_map<std::string, int> whole_;
};

}  // namespace vitrine
