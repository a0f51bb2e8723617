// The model "Unigram" of a tokenizer.json: of all ways to make a word of tokens, the most probable.
// Source: Kudo 2018; tokenizers, models/unigram/model.rs.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "text/merge.h"
#include "text/piece_cache.h"
#include "text/unigram_lattice.h"
#include "text/vocabulary.h"

namespace vitrine {

class Unigram {
   public:
    /// @param model       the "model" object
    /// @param vocabulary  gets the tokens of "vocab", a list of [token, log probability]
    /// @throws FileError
    static Unigram read(const nlohmann::json& model, Vocabulary& vocabulary,
                        const std::string& where);

    /// The tokens of a word, in order. Neighbouring characters that are in no token become one
    /// unknown token or, with "byte_fallback", tokens of their bytes, of which the first stands for
    /// all of the bytes and the others for none.
    /// @param symbols  filled with the result
    void encode(std::string_view word, PieceCache& cache, std::vector<Symbol>& symbols) const;

    /// The unknown token, which is spelled as what it stands for; -1: there is none.
    int unknown() const { return unknown_; }

   private:
    void push_unknown(std::string_view bytes, std::vector<Symbol>& symbols) const;

    UnigramPieces pieces_;
    std::vector<std::uint32_t> lengths_;  // bytes of each token
    int unknown_ = -1;
    std::vector<int> byte_tokens_;  // of the 256 bytes; empty: none to fall back on
};

}  // namespace vitrine
