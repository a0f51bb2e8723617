// The "model" of a tokenizer.json: turns a piece of text into tokens.
// Supported: BPE, WordPiece, Unigram. A further kind is a struct with encode(), a name in the
// variant and a line in read_token_model().
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <variant>

#include "text/bpe.h"
#include "text/unigram.h"
#include "text/vocabulary.h"
#include "text/word_piece.h"

namespace vitrine {

using TokenModel = std::variant<Bpe, WordPiece, Unigram>;

/// @param root        the whole tokenizer.json
/// @param vocabulary  gets the tokens of the model
/// @throws FileError
TokenModel read_token_model(const nlohmann::json& root, Vocabulary& vocabulary,
                            const std::string& where);

}  // namespace vitrine
