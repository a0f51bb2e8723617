// The model "WordPiece" of a tokenizer.json: a word becomes the longest token it starts with, then
// the longest that goes on from there, to its end.
// Source: Schuster and Nakajima 2012; Devlin et al. 2018, tokenization.py; tokenizers,
// models/wordpiece/mod.rs.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "text/byte_trie.h"
#include "text/merge.h"
#include "text/piece_cache.h"
#include "text/vocabulary.h"

namespace vitrine {

class WordPiece {
   public:
    /// @param model       the "model" object
    /// @param vocabulary  already holds the tokens of "vocab", and no others
    /// @throws FileError  without an unknown token
    static WordPiece read(const nlohmann::json& model, const Vocabulary& vocabulary,
                          const std::string& where);

    /// The tokens of a word, in order; the unknown token if no tokens make up all of it, or if it
    /// is longer than "max_input_chars_per_word".
    /// @param symbols  filled with the result
    void encode(std::string_view word, PieceCache& cache, std::vector<Symbol>& symbols) const;

   private:
    ByteTrie first_, further_;  // tokens that start a word; tokens "##..." without the "##"
    int unknown_ = 0;
    Index longest_ = 100;  // characters of a word that is looked at
};

}  // namespace vitrine
