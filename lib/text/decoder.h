// The "decoder" of a tokenizer.json: turns tokens back into text.
// Without one there are spaces between tokens. A further kind is a struct with run() and piece(), a
// name in the variant and a line in read_steps().
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "text/vocabulary.h"

namespace vitrine {

/// What is left of the tokens, step by step; the text is all of them joined.
using Pieces = std::vector<std::string>;

/// The bytes that tokens stand for, one after the other, with U+FFFD for what is not UTF-8.
struct ByteLevelDecoder {
    void run(Pieces& pieces) const;
    void piece(std::string& token) const;
};

struct ReplaceDecoder {
    std::string from, to;
    void run(Pieces& pieces) const;
    void piece(std::string& token) const;
};

/// "<0xE2>" is a byte; bytes that are not UTF-8 become U+FFFD each.
struct ByteFallbackDecoder {
    void run(Pieces& pieces) const;
    void piece(std::string& token) const;
};

/// All pieces become one.
struct FuseDecoder {
    void run(Pieces& pieces) const;
    void piece(std::string&) const {}
};

/// Takes up to `start` and `stop` times `content` from the ends of each piece.
struct StripDecoder {
    std::string content;
    Index start = 0, stop = 0;
    void run(Pieces& pieces) const;
    void piece(std::string&) const {}  // of the text as a whole, not of a token
};

/// Spaces between words, none before "##ing"; with cleanup, none before punctuation either.
struct WordPieceDecoder {
    std::string prefix = "##";
    bool cleanup = true;
    void run(Pieces& pieces) const;
    void piece(std::string& token) const;
};

/// "▁" is a space, but not in the first token if one was put in front of the text.
struct MetaspaceDecoder {
    std::string replacement = "▁";
    bool prepended = true;
    void run(Pieces& pieces) const;
    void piece(std::string& token) const;
};

/// A token that ends with `suffix` ends a word: there is a space after it, unless it is the last.
struct BpeDecoder {
    std::string suffix = "</w>";
    void run(Pieces& pieces) const;
    void piece(std::string& token) const;
};

using DecodeStep = std::variant<ByteLevelDecoder, ReplaceDecoder, ByteFallbackDecoder, FuseDecoder,
                                StripDecoder, WordPieceDecoder, MetaspaceDecoder, BpeDecoder>;

struct TextDecoder {
    std::vector<DecodeStep> steps;
    bool spaces_between = false;  // no decoder: tokens with spaces between them
};

/// @param root  the whole tokenizer.json. @throws FileError
TextDecoder read_decoder(const nlohmann::json& root, const std::string& where);

/// @param ids  of the vocabulary
std::string decode(const TextDecoder& decoder, const Vocabulary& vocabulary,
                   std::span<const int> ids);

/// What a single token stands for, raw bytes that may be a part of a character.
std::string bytes_of(const TextDecoder& decoder, std::string token);

}  // namespace vitrine
