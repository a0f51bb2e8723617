// A model file of the sentencepiece library (spiece.model, tokenizer.model), as the tokenizer.json
// that says the same. Source: sentencepiece, src/sentencepiece_model.proto and bpe_model.cc;
// transformers, convert_slow_tokenizer.py, for how the ranks of merges follow from scores.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace vitrine {

/// What the file does not say, because a model's own code does it.
struct SentencePieceUse {
    bool begin = false, end = false;  // a token in front of every text, behind it
    int sentinels = 0;                // T5's <extra_id_0>, ...: further tokens, the last one first
};

/// @param bytes  the whole file, a Unigram or BPE model
/// @param where  names it in errors
/// @return       the root of a tokenizer.json
/// @throws FileError  for what is no such file, or a model of whole words or characters
nlohmann::json read_sentencepiece(std::string_view bytes, const SentencePieceUse& use,
                                  const std::string& where);

}  // namespace vitrine
