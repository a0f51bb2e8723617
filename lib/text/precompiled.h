// The normalizer "Precompiled" of a tokenizer.json: sentencepiece's table of what characters
// become. Source: sentencepiece, normalizer.cc; tokenizers, the crate spm_precompiled, whose way of
// looking up a grapheme by the shortest entry that it starts with is kept.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/aligned_text.h"

namespace vitrine {

class PrecompiledNormalizer {
   public:
    /// @param step  holds "precompiled_charsmap", in base 64
    /// @throws FileError  for what is no base 64 or no table
    static PrecompiledNormalizer read(const nlohmann::json& step, const std::string& where);

    void run(AlignedText& text) const;

   private:
    /// What the shortest entry that a text starts with becomes.
    std::optional<std::string_view> find(std::string_view text) const;
    void rewrite_grapheme(std::string_view old, ByteRange grapheme,
                          AlignedText::Rewrite& rewrite) const;

    std::vector<std::uint32_t> trie_;  // a double array, as darts-clone writes it
    std::string texts_;                // what the entries become, each ended by a zero byte
};

}  // namespace vitrine
